import { createHash } from 'node:crypto';
import { BASE_PACKAGES } from '../../base/base-packages.ts';
import type { BaseWish } from '../../base/base-wish.ts';
import { OpenPgpFault } from '../../base/openpgp/packets.ts';
import { choosePackages, type ChosenPackages } from '../../base/packages/choose-packages.ts';
import { newestOf, type IndexedPackage } from '../../base/packages/package-index.ts';
import type { BaseFacts, ReadyBase, ReadyPackage } from '../../base/ready-base.ts';
import { Parts } from '../../bundle/make/parts.ts';
import { debianArch } from '../../cpus.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import { NEXT } from '../../next-command.ts';
import { basePartsDir } from '../../store/base-parts.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { bringFile } from '../bundle/apt-relay.ts';
import { readGivenBytes } from '../prepare/choose-mirrors.ts';
import { askerOf } from '../prepare/network.ts';
import { storeRoot } from '../source/source-store.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';
import { fetchGo, otherReleases, type AskedGo } from './fetch-go.ts';
import { believedKeys, fetchSuite, type SuitePackage } from './fetch-suite.ts';
import { databasesOf, proxiesOf } from './go-proxies.ts';
import { suitePlaces, type SuitePlace } from './suite-places.ts';

/** Packages at a time; the asker lets fewer of one host through. */
const AT_ONCE = 8;

/**
 * Brings all that the base images are made of onto this machine, checked: packages by the signed lists of their suites, Go by its checksum database. What is
 * there already is not fetched again.
 *
 * @throws MobyBuildError `base-not-fetched` (5), with what each server said
 */
export async function fetchBase(from: Planned, io: Io, wish: BaseWish): Promise<ReadyBase> {
  const parts = new Parts(basePartsDir(storeRoot(from.options)));
  const asker = await askerOf(from);
  const { apt } = await ownRegistries(io.env);
  const places = suitePlaces(from.resolutions, wish.suite, apt);
  const suites = await fetchSuites(from, io, { parts, asker, places, wish });
  const newest = newestOf(suites.flatMap(({ packages }) => packages));
  const proxies = await proxiesOf(from, io);
  const ask = { go: wish.go, arch: wish.arch, proxies, databases: databasesOf(from, proxies) };
  const fetched = await fetchGo(parts, asker, io, ask);
  const ofDebian = 'reason' in fetched ? goOfDebian(newest, wish.go) : null;
  if ('reason' in fetched && ofDebian === null) throw await noGo(asker, ask, fetched.reason, wish);
  const chosen = choosePackages(newest, [...BASE_PACKAGES, ...(ofDebian === null ? [] : [ofDebian.name])]);
  if ('lacking' in chosen)
    throw notFetched(`The packages of Debian ${wish.suite} do not make a system: ${chosen.lacking}.`);
  await bringPackages(io, parts, asker, [...chosen.essential, ...chosen.more]);
  if (ofDebian !== null && 'reason' in fetched)
    io.note({
      level: 'warning',
      code: 'base-go-of-debian',
      message: `Go ${wish.go} was not to be had of a module proxy (${fetched.reason}), so Debian's own Go ${ofDebian.version} is used.`,
    });
  const go: BaseFacts['go'] =
    'reason' in fetched
      ? { version: ofDebian?.version ?? '', from: 'debian', sum: null, url: null }
      : { version: wish.go, from: 'module', sum: fetched.sum, url: fetched.url };
  return {
    facts: factsOf(wish, suites, chosen, go),
    essential: chosen.essential.map((each) => ready(parts, each)),
    more: chosen.more.map((each) => ready(parts, each)),
    go: 'reason' in fetched ? { folder: ofDebian?.folder ?? '' } : { zip: fetched.zip, version: fetched.version },
    sources: sourcesText(places),
  };
}

interface Fetching {
  readonly parts: Parts;
  readonly asker: Asker;
  readonly places: readonly SuitePlace[];
  readonly wish: BaseWish;
}

async function fetchSuites(
  { options, started }: Pick<Planned, 'options' | 'started'>,
  io: Io,
  { parts, asker, places, wish }: Fetching,
): Promise<readonly { readonly facts: BaseFacts['suites'][number]; readonly packages: readonly SuitePackage[] }[]> {
  io.say(MESSAGES.readingSuites);
  const keyring = options.aptKeyring === null ? null : await readGivenBytes(options.aptKeyring, '--apt-keyring');
  const arch = debianArch(wish.arch);
  try {
    const keys = believedKeys(keyring);
    const found = [];
    for (const place of places) {
      throwIfStopping();
      const suite = await fetchSuite(parts, asker, place, { arch, keys, now: started.getTime() });
      if ('reason' in suite) throw notFetched(`${place.suite} of Debian cannot be had: ${suite.reason}.`);
      found.push(suite);
    }
    return found;
  } catch (cause) {
    if (!(cause instanceof OpenPgpFault)) throw cause;
    throw notFetched(`The file of --apt-keyring is no keyring: ${cause.message}.`);
  }
}

/** Go as Debian packages it, where the release has that minor version: `golang-1.19-go` has it below /usr/lib/go-1.19. */
function goOfDebian(
  newest: ReadonlyMap<string, IndexedPackage>,
  go: string,
): { readonly name: string; readonly version: string; readonly folder: string } | null {
  const [minor = go] = /^\d+\.\d+/u.exec(go) ?? [];
  const found = newest.get(`golang-${minor}-go`);
  if (found === undefined) return null;
  return { name: found.name, version: found.version, folder: `/usr/lib/go-${minor}` };
}

async function bringPackages(io: Io, parts: Parts, asker: Asker, packages: readonly SuitePackage[]): Promise<void> {
  const waiting = [...packages];
  const faults: string[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      throwIfStopping();
      const { place, path, sha256, bytes, name } = next;
      io.say(MESSAGES.fetchingPackage(name, bytes));
      const roots = new Map([[place.root, { bases: place.bases, mirror: null }]]);
      const fault = await bringFile(parts, asker, roots, `${place.root}/${path}`, { sha256, bytes });
      if (fault !== null) faults.push(`${name}: ${fault}`);
      done += 1;
      io.share(done / packages.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  io.share(null);
  throwIfStopping();
  const [first] = faults.sort();
  if (first !== undefined)
    throw notFetched(
      `${String(faults.length)} of ${String(packages.length)} packages of the base images cannot be had: ${first}.`,
    );
}

function ready(parts: Parts, { place, ...about }: SuitePackage): ReadyPackage {
  return { ...about, file: parts.at(`apt/${place.root}/${about.path}`) };
}

function factsOf(
  wish: BaseWish,
  suites: readonly { readonly facts: BaseFacts['suites'][number] }[],
  { essential, more }: ChosenPackages<SuitePackage>,
  go: BaseFacts['go'],
): BaseFacts {
  const packages = [...essential, ...more].map(({ name, version, architecture, sha256 }) => ({
    name,
    version,
    architecture,
    sha256,
  }));
  const content = JSON.stringify([wish.suite, packages, go.version, go.sum, wish.xx?.commit ?? null]);
  return {
    ...{ suite: wish.suite, architecture: debianArch(wish.arch), packages, go, xx: wish.xx?.commit ?? null },
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    suites: suites.map(({ facts }) => facts),
  };
}

/** What apt in the image asks where the plan writes no sources: the servers that these packages are from. */
function sourcesText(places: readonly SuitePlace[]): string {
  return places
    .map(({ bases, suite, components }) => `deb ${bases[0] ?? ''} ${suite} ${components.join(' ')}\n`)
    .join('');
}

function notFetched(message: string): MobyBuildError {
  return new MobyBuildError({
    code: 'base-not-fetched',
    exitCode: EXIT.network,
    message,
    where: '--base debian',
    hint: 'Is the network up? --mirror apt=BASE names another server of Debian; --apt-keyring FILE its keys, where it signs with others.',
    command: NEXT.again(),
  });
}

async function noGo(asker: Asker, ask: AskedGo, reason: string, { suite, go }: BaseWish): Promise<MobyBuildError> {
  const others = await otherReleases(asker, ask);
  const newest = others.filter((each) => each !== go).at(-1);
  return new MobyBuildError({
    code: 'base-without-go',
    exitCode: EXIT.network,
    message: `Go ${go} for ${ask.arch} cannot be had: ${reason}. Debian ${suite} does not have that Go, either.`,
    where: '--base debian',
    hint: `--mirror gomod=URL names another module proxy.${newest === undefined ? '' : ` A proxy lists Go ${newest}, of the same series.`} --suite NAME takes a release of Debian that has that Go.`,
    command: newest === undefined ? NEXT.mirror('gomod', 'https://PROXY') : NEXT.goVersion(newest),
  });
}
