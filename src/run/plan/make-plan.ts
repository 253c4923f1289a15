import { chooseComponents, componentArgs } from '../../components/choose.ts';
import { effectivePins } from '../../components/effective-pins.ts';
import { requireBuilt } from '../../components/require-built.ts';
import { scan } from '../../egress/scan.ts';
import { adviceFor } from '../../egress/world/broken-address.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { ResolveInput } from '../../mirrors/resolve/resolve-tree.ts';
import { resolveMirrors } from '../../mirrors/resolve/resolve.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import { makePlan } from '../../patching/plan.ts';
import { sourceDate } from '../../patching/source-date.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import type { Plan, Scan, ScanOptions } from '../../types.ts';
import { withBase } from '../../base/base-wish.ts';
import { xxSource } from '../../base/xx-source.ts';
import { takeFromHost, type TakenFromHost } from '../../handover/host-sources.ts';
import { readGiven, readGivenBytes } from '../prepare/choose-mirrors.ts';
import { componentNotes, leftToBuildNotes, ofThisMachineNotes, oldListsNote, pinNotes } from './pin-notes.ts';
import { engineTrustNote } from '../prepare/engine-trust.ts';
import { componentGoNotes } from '../notes/component-go.ts';
import { untestedArchNote } from '../notes/untested-arch.ts';
import { decideSuite } from '../../mirrors/resolve/resolve-suite.ts';
import { mountedInstead } from '../offline/bundle-mirrors.ts';
import { isMounted, mountedKinds, mountFolders } from '../offline/mount-folders.ts';
import { mirrorWishes } from './mirror-wishes.ts';
import { requireReachable } from '../prepare/require-reachable.ts';
import type { Io } from '../stage/io.ts';
import { PURPOSES } from '../stage/purposes.ts';
import type { Checked, Pinned, Planned, Scanned, Sourced } from '../stage/stages.ts';

/** Where the package debian-archive-keyring puts its keys. */
const HOST_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Chooses the components and finds the egress points of the tree.
 *
 * @throws MobyBuildError as `chooseComponents` (2, 4), `requireBuilt` (2) and `scan` (4) say
 */
export function scanSource({ options, source, target }: Sourced): Pick<Scanned, 'components' | 'scan'> {
  const components = chooseComponents(source.files, options.components, options.buildArgs);
  const found = scan(source.files, scanOptions({ options, target, components }));
  requireBuilt(components, found);
  return { components, scan: found };
}

/**
 * Chooses a mirror for each point and plans the edits; the proof scan is part of it.
 *
 * @throws MobyBuildError exit 2, 3, 4: as `resolveMirrors` and `makePlan` say; `unknown-place` (4) where something in the
 * closure looks like network use and could not be placed
 */
export async function planRewrites(
  from: Pinned,
  io: Io,
): Promise<Pick<Planned, 'plan' | 'resolutions' | 'hostSources' | 'folders'>> {
  const { options, source, scan: found, components, target, network } = from;
  refuseUnknown(found);
  const pins = effectivePins(source.files, found, components, options.buildArgs);
  const chosen = await decide(from, io, found);
  const local =
    from.bundle === null ? mountFolders(chosen, found) : { resolutions: mountedInstead(chosen), folders: null };
  // A patch set is for other machines, and a bundle is filled from the folders themselves.
  const isBuilt = from.goal === 'build' || from.goal === 'dry-run';
  const decided = isBuilt ? local.resolutions : chosen;
  const where = { tree: source.files, scan: found, pins };
  const taken: TakenFromHost =
    from.sourcesBy === 'host' ? takeFromHost(where, decided) : { resolutions: decided, sources: [] };
  // Before the proof: a scan does not see what a step would read of a folder.
  if (PURPOSES[from.goal].builds && from.bundle === null)
    requireReachable({
      scan: found,
      resolutions: mountFolders(taken.resolutions, found).resolutions,
      inPlace: options.inPlace && local.folders !== null,
    });
  const planned = makePlan({
    tree: source.files,
    before: from.crossing,
    scan: found,
    scanOptions: scanOptions(from),
    components,
    logins: options.netrc !== null,
    mounted: mountedKinds(from.bundle !== null, isBuilt ? local.folders : null),
    base: from.base === null ? null : { go: from.base.go, hasXx: from.base.xx !== null },
    resolutions: taken.resolutions,
    certificates: network.stageCertificates,
    sourceDate: sourceDate({
      // 19.03 compiles in a container, which hears no build argument.
      wanted: options.sourceDate && source.series.builtBy !== 'docker-run',
      buildArgs: options.buildArgs,
      env: io.env,
      committed: source.committed,
    }),
    ref: source.ref,
    commit: source.commit,
    series: source.series.name,
    profile: from.profile.name,
    rules: loadRuleSet(),
  });
  // The Dockerfile's stage need not have the target's name.
  const plan = { ...planned, target: target.name };
  io.note(
    ...plan.notes,
    ...[untestedArchNote(options.arch, source.files, suiteOf(from))].filter((note) => note !== null),
    ...componentNotes(components),
    ...componentGoNotes(
      pins,
      baseImageOf(plan, found),
      options.buildArgs['GO_VERSION'] !== undefined || options.images['golang'] !== undefined,
    ),
    ...pinNotes(pins, plan.points, taken.sources),
    ...(from.bundle === null && from.goal !== 'bundle' ? ofThisMachineNotes(taken.resolutions, isMounted) : []),
    ...(isBuilt && (local.folders?.apt.size ?? 0) > 0 ? [oldListsNote()] : []),
    ...engineTrustNote(network, found, taken.resolutions),
    ...(from.sourcesBy === 'host' ? leftToBuildNotes(plan.points) : []),
  );
  const xx = from.base === null ? null : xxSource(from.base);
  return {
    plan,
    resolutions: taken.resolutions,
    hostSources: xx === null ? taken.sources : [...taken.sources, xx],
    folders: isBuilt ? local.folders : null,
  };
}

function suiteOf({ scan: { facts }, options }: Pinned): string | null {
  return decideSuite(facts, options.images, options.suite ?? undefined).target?.codename ?? null;
}

/** The image that stage base starts from once the tree is planned; null where it starts from none. */
function baseImageOf({ points, becomes }: Plan, { facts }: Scan): string | null {
  const point = points.find(({ kind, stage }) => kind === 'image' && stage.toLowerCase() === 'base');
  return point === undefined ? facts.baseImage : (becomes.get(point.id) ?? facts.baseImage);
}

/** The target's build arguments, those that choose components, and the user's: what the stages see. */
export function scanOptions({
  options,
  target,
  components,
}: Pick<Scanned, 'options' | 'target' | 'components'>): ScanOptions {
  return {
    target: target.stage,
    arch: options.arch,
    buildArgs: { ...target.buildArgs, ...componentArgs(components), ...options.buildArgs },
  };
}

/**
 * How each point of a scan is met under the profile and the flags. Throws as `resolveMirrors` says.
 *
 * @param under another order of the mirrors, and other pins, than what this run has come to
 */
export async function decide(
  from: Checked & Partial<Pick<Pinned, 'order' | 'excluded' | 'pins' | 'base'>>,
  io: Io,
  found: Scan,
  under: Pick<ResolveInput, 'order' | 'pins'> = {},
): Promise<Resolutions> {
  const { options } = from;
  const input = {
    ...mirrorWishes(from, found),
    sourcesList: options.sourcesList === null ? undefined : await readGiven(options.sourcesList, '--sources-list'),
    aptKeyring: options.aptKeyring === null ? undefined : await readGivenBytes(options.aptKeyring, '--apt-keyring'),
    suite: options.suite ?? undefined,
    all: options.all,
    pins: from.pins,
    ...under,
  };
  const { base = null } = from;
  const made = (resolutions: Resolutions): Resolutions => (base === null ? resolutions : withBase(resolutions, base));
  try {
    return made(resolveMirrors(input));
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || cause.code !== 'keyring-needed') throw cause;
    return made(resolveMirrors({ ...input, aptKeyring: await hostKeyring(io, cause) }));
  }
}

/** This machine's own Debian keyring, where there is one; what lacks it stays the error that it was. */
async function hostKeyring(io: Io, needed: MobyBuildError): Promise<Uint8Array> {
  try {
    const bytes = await readGivenBytes(HOST_KEYRING, '--apt-keyring');
    io.note({
      level: 'info',
      code: 'host-keyring',
      message: `The base image's keys may not know the suite; those of this machine are put in (${HOST_KEYRING}).`,
    });
    return bytes;
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'no-such-file') throw needed;
    throw cause;
  }
}

function refuseUnknown({ unknown }: Scan): void {
  const inside = unknown.filter(({ inClosure }) => inClosure);
  const [first] = inside;
  if (first === undefined) return;
  throw new MobyBuildError({
    code: 'unknown-place',
    exitCode: EXIT.tree,
    message:
      `${String(inside.length)} ${inside.length === 1 ? 'call' : 'calls'} in the closure may use the network in a way that is not understood:\n` +
      inside.map(({ file, line, text, reason }) => `  ${file}:${String(line)} ${reason}: ${text}`).join('\n'),
    where: `${first.file}:${String(first.line)}`,
    ...adviceFor(inside),
  });
}
