import { chooseComponents, componentArgs } from '../components/choose.ts';
import { effectivePins } from '../components/effective-pins.ts';
import { requireBuilt } from '../components/require-built.ts';
import { scan } from '../egress/scan.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { resolveMirrors, type ResolveInput } from '../mirrors/resolve.ts';
import type { Resolutions } from '../mirrors/resolutions.ts';
import { makePlan } from '../patching/plan.ts';
import { loadRuleSet } from '../patching/rule-set.ts';
import type { Scan, ScanOptions } from '../types.ts';
import { takeFromHost, type TakenFromHost } from './host-sources.ts';
import { readGiven, readGivenBytes } from './choose-mirrors.ts';
import { componentNotes, leftToBuildNotes, pinNotes } from './pin-notes.ts';
import { engineTrustNote } from './engine-trust.ts';
import { mirrorWishes } from './mirror-wishes.ts';
import { addNotes, known, type RunState } from './state.ts';

/** Where the package debian-archive-keyring puts its keys. */
const HOST_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Chooses the components and finds the egress points of the tree. Fills in `state.components` and `state.scan`.
 *
 * @throws MobyBuildError as `chooseComponents` (2, 4), `requireBuilt` (2) and `scan` (4) say
 */
export function scanSource(state: RunState): string {
  const { options } = state;
  const source = known(state, 'source');
  state.components = chooseComponents(source.files, options.components, options.buildArgs);
  const found = scan(source.files, scanOptions(state));
  requireBuilt(state.components, found);
  state.scan = found;
  const inside = found.points.filter(({ inClosure }) => inClosure).length;
  return `${String(found.points.length)} places, ${String(inside)} of them for ${known(state, 'target').name}`;
}

/**
 * Chooses a mirror for each point and plans the edits; the proof scan is part of it. Fills in `state.plan`.
 *
 * @throws MobyBuildError exit 2, 3, 4: as `resolveMirrors` and `makePlan` say; `unknown-place` (4) where something in the
 * closure looks like network use and could not be placed
 */
export async function planRewrites(state: RunState): Promise<string> {
  const { options } = state;
  const source = known(state, 'source');
  const found = known(state, 'scan');
  refuseUnknown(found);
  const pins = effectivePins(source.files, found, state.components, options.buildArgs);
  const decided = await decide(state, found);
  const where = { tree: source.files, scan: found, pins };
  const taken: TakenFromHost =
    state.sourcesBy === 'host' ? takeFromHost(where, decided) : { resolutions: decided, sources: [] };
  state.hostSources = taken.sources;
  state.resolutions = taken.resolutions;
  const planned = makePlan({
    tree: source.files,
    scan: found,
    scanOptions: scanOptions(state),
    components: state.components,
    logins: options.netrc !== null,
    resolutions: taken.resolutions,
    certificates: state.network?.stageCertificates,
    ref: source.ref,
    commit: source.commit,
    series: source.series.name,
    profile: known(state, 'profile').name,
    rules: loadRuleSet(),
  });
  // The Dockerfile's stage need not have the target's name.
  const plan = { ...planned, target: known(state, 'target').name };
  state.plan = plan;
  addNotes(state, [
    ...plan.notes,
    ...componentNotes(state.components),
    ...pinNotes(pins, plan.points, taken.sources),
    ...engineTrustNote(state.network, found, taken.resolutions),
  ]);
  if (state.sourcesBy === 'host') addNotes(state, leftToBuildNotes(plan.points));
  return `${String(plan.totals.covered)} of ${String(plan.totals.closure)} covered, ${String(plan.patches.length)} patches`;
}

/** The target's build arguments, those that choose components, and the user's: what the stages see. */
export function scanOptions(state: RunState): ScanOptions {
  const { options, components } = state;
  const target = known(state, 'target');
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
  state: RunState,
  found: Scan,
  under: Pick<ResolveInput, 'order' | 'pins'> = {},
): Promise<Resolutions> {
  const { options } = state;
  const input = {
    ...mirrorWishes(state, found),
    sourcesList: options.sourcesList === null ? undefined : await readGiven(options.sourcesList, '--sources-list'),
    aptKeyring: options.aptKeyring === null ? undefined : await readGivenBytes(options.aptKeyring, '--apt-keyring'),
    suite: options.suite ?? undefined,
    all: options.all,
    pins: state.pins ?? undefined,
    ...under,
  };
  try {
    return resolveMirrors(input);
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || cause.code !== 'keyring-needed') throw cause;
    return resolveMirrors({ ...input, aptKeyring: await hostKeyring(state, cause) });
  }
}

/** This machine's own Debian keyring, where there is one; what lacks it stays the error that it was. */
async function hostKeyring(state: RunState, needed: MobyBuildError): Promise<Uint8Array> {
  try {
    const bytes = await readGivenBytes(HOST_KEYRING, '--apt-keyring');
    addNotes(state, [
      {
        level: 'info',
        code: 'host-keyring',
        message: `The base image's keys may not know the suite; those of this machine are put in (${HOST_KEYRING}).`,
      },
    ]);
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
      `${String(inside.length)} ${inside.length === 1 ? 'place' : 'places'} that the build reaches may use the network in a way that is not understood:\n` +
      inside.map(({ file, line, text, reason }) => `  ${file}:${String(line)} ${reason}: ${text}`).join('\n'),
    where: `${first.file}:${String(first.line)}`,
    hint: 'This tree has a shape that moby-build does not know; please report it.',
  });
}
