import { NEXT } from '../../next-command.ts';
import type { LockedModule, LockedSuite } from '../../lockfile/lock-file.ts';
import { findMirror } from '../../mirrors/catalogue/catalogue.ts';
import { moduleSums } from '../../mirrors/served/module-sums.ts';
import { suiteDate } from '../../mirrors/served/suite-date.ts';
import { servedModules, servedSuites, type ServedModule, type ServedSuite } from '../../mirrors/served/wanted.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { keepObjects, readKeptObjects } from '../../workdir/kept-objects.ts';
import { askerOf } from '../prepare/network.ts';
import type { Io } from '../stage/io.ts';
import type { Planned, Served } from '../stage/stages.ts';

type AskedModule = Served['modules'][number];

/** What the plan takes of suites and of modules that the tree names by version, and from whom. */
export function servedByPlan({ scan, resolutions }: Planned): {
  readonly suites: readonly ServedSuite[];
  readonly modules: readonly ServedModule[];
} {
  return { suites: servedSuites(scan, resolutions), modules: servedModules(scan, resolutions) };
}

/**
 * Asks for the date of each suite and the sums of each module of the plan, which BuildKit fetches later; what the work dir keeps is
 * not asked again, for the engine keeps those layers too, unless a lock must be kept to; nor is what this run has asked. What nobody says stays out of the lock file, and a note says so.
 *
 * @param before what this run has asked already
 * @param keep whether it is written to the work dir
 * @param isAsked false: the place is no server
 * @throws MobyBuildError `module-denied`, exit 5, where the checksum database says that a module is another
 */
export async function askServed(
  from: Planned,
  io: Io,
  before: Served,
  keep: boolean,
  isAsked: (base: string) => boolean = () => true,
): Promise<Served> {
  const all = servedByPlan(from);
  const wanted = {
    suites: all.suites.filter(({ base }) => isAsked(base)),
    modules: all.modules.filter(({ proxies }) => isAsked(proxies[0] ?? from.resolutions.goproxy ?? '')),
  };
  if (wanted.suites.length + wanted.modules.length === 0) return { suites: [], modules: [] };
  const known = knownOf(before);
  const kept = from.options.locked ? { suites: [], modules: [] } : await readKeptObjects(from);
  const keptSuites = [...known.suites, ...kept.suites];
  const keptModules = [...known.modules, ...kept.modules];
  const asker = await askerOf(from);
  const [suites, modules] = await Promise.all([
    Promise.all(
      wanted.suites.map(async (suite) => keptSuite(keptSuites, suite) ?? (await dated(from, io, suite, asker))),
    ),
    Promise.all(
      wanted.modules.map(async (module) => keptModule(keptModules, module) ?? (await summed(from, io, module, asker))),
    ),
  ]);
  const served = { suites, modules };
  if (keep) await keepObjects(from, knownOf(served));
  return served;
}

/** What has a date or a sum, as the lock file has it. */
export function knownOf({ suites, modules }: Served): {
  readonly suites: LockedSuite[];
  readonly modules: LockedModule[];
} {
  return {
    suites: suites.flatMap((each) => (each.date === null ? [] : [{ ...each, date: each.date }])),
    modules: modules.flatMap((each) =>
      each.sum === null || each.goModSum === null ? [] : [{ ...each, sum: each.sum, goModSum: each.goModSum }],
    ),
  };
}

function keptSuite(kept: readonly LockedSuite[], { suite, base }: ServedSuite): LockedSuite | undefined {
  return kept.find((each) => each.suite === suite && each.base === base);
}

function keptModule(kept: readonly LockedModule[], { path, version }: ServedModule): LockedModule | undefined {
  return kept.find((each) => each.path === path && each.version === version);
}

async function dated(
  { catalogue }: Planned,
  io: Io,
  { suite, base, mirror }: ServedSuite,
  asker: Asker,
): Promise<Served['suites'][number]> {
  const operator = mirror === null ? null : (findMirror(catalogue, 'apt', mirror)?.operator ?? null);
  const found = await suiteDate(base, suite, asker);
  if ('date' in found) return { suite, base, date: found.date, mirror, operator };
  unknown(io, `The date of ${suite} at ${base}`, found.reason);
  return { suite, base, date: null, mirror, operator };
}

/** The first proxy that serves the module. */
async function summed(
  { catalogue, resolutions }: Planned,
  io: Io,
  { path, version, proxies, mirror }: ServedModule,
  asker: Asker,
): Promise<AskedModule> {
  const { gomod, checksumDatabase } = await ownRegistries(io.env);
  const list = proxies.length > 0 ? proxies : gomod === null ? [] : [gomod];
  const off = resolutions.gosumdb === 'off';
  let reason = 'the address of the official proxy is not known';
  for (const proxy of list) {
    const found = await moduleSums(proxy, path, version, off ? null : checksumDatabase, asker);
    if ('reason' in found) {
      reason = `${proxy}: ${found.reason}`;
      continue;
    }
    if (found.denied !== null) throw denied(found.denied, proxy);
    const { sum, goModSum } = found;
    const operator = mirror === null ? null : (findMirror(catalogue, 'gomod', mirror)?.operator ?? null);
    return { path, version, sum, goModSum, mirror: proxy, operator };
  }
  unknown(io, `The sum of ${path} ${version}`, reason);
  return { path, version, sum: null, goModSum: null, mirror: mirror ?? 'official', operator: null };
}

function unknown(io: Io, what: string, reason: string): void {
  io.note({ level: 'info', code: 'not-in-lock', message: MESSAGES.servedUnknown(what, reason) });
}

function denied(what: string, proxy: string): MobyBuildError {
  return new MobyBuildError({
    code: 'module-denied',
    exitCode: EXIT.network,
    message: `${proxy} serves a module that is not what it is known to be: ${what}.`,
    where: proxy,
    hint: 'Take another proxy; the go command of the build would refuse it too.',
    command: NEXT.mirror('gomod', 'https://PROXY'),
  });
}
