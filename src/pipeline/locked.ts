import { resolve } from 'node:path';
import {
  imageDifferences,
  servedDifferences,
  sourceDifferences,
  type LockDifference,
  type ServedFacts,
  type SourceFacts,
} from '../artifacts/lock-differences.ts';
import { LOCK_FILE_NAME, parseLock, type Lock } from '../artifacts/lock-file.ts';
import { effectivePins } from '../components/effective-pins.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { ImageWish } from '../mirrors/images/wish.ts';
import { treeOfCommit } from '../source/git-tree.ts';
import { treeId } from '../system/tree-id.ts';
import { readGiven } from './choose-mirrors.ts';
import { known, type RunState } from './state.ts';

/** The lock file that is read: `--lock`, with `--locked` else ./moby-build.lock; null: none is. */
function lockPath({ options }: RunState): string | null {
  return options.lock ?? (options.locked ? resolve(LOCK_FILE_NAME) : null);
}

/**
 * Reads the lock file where one is named; fills in `state.lock`.
 * @throws MobyBuildError exit 2: `bad-lock`, `no-such-file`; `no-lock` where `--locked` finds none
 */
export async function readGivenLock(state: RunState): Promise<void> {
  const path = lockPath(state);
  if (path === null) return;
  const text = await readGiven(path, '--lock').catch((cause: unknown) => {
    if (cause instanceof MobyBuildError && (cause.cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  });
  if (text !== null) state.lock = parseLock(text, path);
  else if (state.options.locked)
    throw new MobyBuildError({
      code: 'no-lock',
      exitCode: EXIT.usage,
      message: `There is no lock file ${path}.`,
      where: '--locked',
      hint: 'A build writes one beside its manifest.json; --lock FILE names it.',
      command: lineThatWritesALock(state),
    });
}

/** The user's own line as one that builds and writes the lock file anew. */
function lineThatWritesALock({ options, invocation }: RunState): string {
  const words = / --(locked|dry-run)(?:=\w+)?(?= |$)/gu;
  const line = invocation.replace(words, '');
  const more = [
    // Else the environment or a file says it.
    ...([...invocation.matchAll(words)].some(([, word]) => word === 'locked') ? [] : ['--no-locked']),
    ...(options.lock === null ? ['--lock', LOCK_FILE_NAME] : []),
  ];
  return [line, ...more].join(' ');
}

/** The lock that must be kept to, or null. */
function mustKeep({ options, lock }: RunState): Lock | null {
  return options.locked ? lock : null;
}

/** Before a mirror is asked: each image must be one that the lock holds. @throws MobyBuildError `not-as-locked`, exit 4 or 5 */
export function requireLockedImages(state: RunState, wishes: readonly ImageWish[]): void {
  const lock = mustKeep(state);
  if (lock === null) return;
  const used = wishes.flatMap(({ kind, reference, platforms, known: digest }) =>
    platforms.map(({ platform }) => ({ kind, reference, platform, digest: digest?.digest ?? null })),
  );
  refuse([...sourceDifferences(lock, sourceFacts(state, null)), ...imageDifferences(lock, used)], state);
}

/**
 * Holds source, images, suites and modules against the lock. Fills in `state.treeBefore`.
 * @throws MobyBuildError `not-as-locked`, exit 4 where source or tree differ, else 5
 */
export async function requireAsLocked(state: RunState): Promise<void> {
  state.treeBefore = await treeId(known(state, 'source').dir);
  requireServedAsLocked(state, state.treeBefore);
}

/**
 * The same for what mirrors serve, once more: after a change of mirror it may be another thing.
 * @throws MobyBuildError `not-as-locked`, exit 4 or 5
 */
export function requireServedAsLocked(state: RunState, tree: string | null): void {
  const lock = mustKeep(state);
  if (lock === null) return;
  refuse(
    [
      ...sourceDifferences(lock, sourceFacts(state, tree)),
      ...imageDifferences(lock, state.images),
      ...servedDifferences(lock, state.served),
    ],
    state,
  );
}

/**
 * As `requireAsLocked`, for a plan that is only shown and whose images were looked at: a clone's tree is the one of its commit.
 *
 * @param served without dates and sums where nobody was asked
 * @throws MobyBuildError `not-as-locked`, exit 4 or 5
 */
export async function requirePlanAsLocked(state: RunState, served: ServedFacts): Promise<void> {
  const lock = mustKeep(state);
  if (lock === null) return;
  const { dir, commit } = known(state, 'source');
  const ofCommit = state.options.source.kind === 'url' && commit !== null;
  const tree = ofCommit ? await treeOfCommit(dir, commit) : await treeId(dir);
  refuse([...sourceDifferences(lock, sourceFacts(state, tree)), ...servedDifferences(lock, served)], state);
}

/** Source and components of this run. @param tree null: not known yet */
export function sourceFacts(state: RunState, tree: string | null): SourceFacts {
  const source = known(state, 'source');
  const pins = effectivePins(source.files, known(state, 'scan'), state.components, state.options.buildArgs);
  return {
    ref: source.ref,
    commit: source.commit,
    tree,
    target: known(state, 'target').name,
    platform: `linux/${state.options.arch}`,
    components: pins
      .filter(({ component }, index) => pins.findIndex((each) => each.component === component) === index)
      .map(({ component, pin }) => {
        const ready = state.readySources.find((each) => each.source.component === component)?.entry.record;
        // Before it is fetched: what the tree, or the table of tags, says that it must be.
        const wanted = state.hostSources.find((each) => each.component === component)?.wish.commit;
        const commit = ready?.commit ?? wanted ?? (/^[0-9a-f]{40}$/u.test(pin) ? pin : null);
        return { component, pin, commit, mirror: ready?.mirror ?? null };
      }),
  };
}

function refuse(differences: readonly LockDifference[], state: RunState): void {
  if (differences.length === 0) return;
  const ofSource = differences.some((each) => each.is === 'source');
  throw new MobyBuildError({
    code: 'not-as-locked',
    exitCode: ofSource ? EXIT.tree : EXIT.network,
    message: `This is not what ${lockPath(state) ?? 'the lock'} holds:\n${differences.map(({ text }) => `  ${text}`).join('\n')}`,
    where: '--locked',
    hint: 'Nothing was built. A build without --locked makes a new lock file.',
    command: lineThatWritesALock(state),
  });
}
