import { resolve } from 'node:path';
import {
  imageDifferences,
  servedDifferences,
  sourceDifferences,
  type LockDifference,
  type SourceFacts,
} from '../artifacts/lock-differences.ts';
import { LOCK_FILE_NAME, readLock, type Lock } from '../artifacts/lock-file.ts';
import { effectivePins } from '../components/effective-pins.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { ImageWish } from '../mirrors/images/wish.ts';
import { treeId } from '../system/tree-id.ts';
import { known, type RunState } from './state.ts';

/** The lock file that is read: `--lock`, with `--locked` else ./moby-build.lock; null: none is. */
function lockPath({ options }: RunState): string | null {
  return options.lock ?? (options.locked ? resolve(LOCK_FILE_NAME) : null);
}

/**
 * Reads the lock file where one is named; fills in `state.lock`.
 * @throws MobyBuildError exit 2: `bad-lock`; `no-lock` where `--locked` finds none
 */
export async function readGivenLock(state: RunState): Promise<void> {
  const path = lockPath(state);
  if (path === null) return;
  state.lock = await readLock(path);
  if (state.lock !== null || !state.options.locked) return;
  throw new MobyBuildError({
    code: 'no-lock',
    exitCode: EXIT.usage,
    message: `There is no lock file ${path}.`,
    where: '--locked',
    hint: 'A build writes one beside its manifest.json; --lock FILE names it.',
    command: 'moby-build --lock moby-build.lock',
  });
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
  const lock = mustKeep(state);
  if (lock === null) return;
  const served = servedDifferences(lock, state.served);
  refuse(
    [
      ...sourceDifferences(lock, sourceFacts(state, state.treeBefore)),
      ...imageDifferences(lock, state.images),
      ...served,
    ],
    state,
  );
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
        const commit = ready?.commit ?? (/^[0-9a-f]{40}$/u.test(pin) ? pin : null);
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
  });
}
