import { resolve } from 'node:path';
import {
  baseDifferences,
  imageDifferences,
  type LockDifference,
  servedDifferences,
  type ServedFacts,
  sourceDifferences,
  type SourceFacts,
  type UsedBase,
} from '../../lockfile/lock-differences.ts';
import { LOCK_FILE_NAME, parseLock } from '../../lockfile/lock-file.ts';
import { effectivePins } from '../../components/effective-pins.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT, type OwnCommand } from '../../next-command.ts';
import type { ImageWish } from '../../mirrors/images/wish.ts';
import { treeOfCommit } from '../../source/git-tree.ts';
import { treeId } from '../../system/files/tree-id.ts';
import { readGiven } from '../prepare/choose-mirrors.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Fetched, Locking, Planned, Requested, Scanned } from '../stage/stages.ts';

/** The lock file that is read: `--lock`, with `--locked` else ./moby-build.lock; null: none is. */
function lockPath(options: Requested['options']): string | null {
  return options.lock ?? (options.locked ? resolve(LOCK_FILE_NAME) : null);
}

/**
 * Reads the lock file where one is named.
 * @throws MobyBuildError exit 2: `bad-lock`, `no-such-file`; `no-lock` where `--locked` finds none
 */
export async function readGivenLock({ options }: Pick<Requested, 'options'>, io: Io): Promise<Locking> {
  const path = lockPath(options);
  if (path === null) return { is: 'free' };
  const text = await readGiven(path, '--lock').catch((cause: unknown) => {
    if (cause instanceof MobyBuildError && (cause.cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  });
  if (text !== null) return { is: options.locked ? 'required' : 'known', path, lock: parseLock(text, path) };
  if (options.locked)
    throw new MobyBuildError({
      code: 'no-lock',
      exitCode: EXIT.usage,
      message: `There is no lock file ${path}.`,
      where: '--locked',
      hint: 'A build writes one beside its manifest.json; --lock FILE names it.',
      command: newLock(options, io),
    });
  return { is: 'free' };
}

/** The user's own line as one that builds and writes the lock file anew. */
function newLock(options: Requested['options'], { line }: Pick<Io, 'line'>): OwnCommand {
  const said = line.some((word) => /^--locked(?:=|$)/u.test(word));
  return NEXT.newLock(options.lock === null ? LOCK_FILE_NAME : '', said ? '' : 'elsewhere');
}

/** Before a mirror is asked: each image must be one that the lock holds. @throws MobyBuildError `not-as-locked`, exit 4 or 5 */
export function requireLockedImages(from: Scanned, io: Io, wishes: readonly ImageWish[]): void {
  if (from.locking.is !== 'required') return;
  const { lock } = from.locking;
  const used = wishes.flatMap(({ kind, reference, platforms, known: digest }) =>
    platforms.map(({ platform }) => ({ kind, reference, platform, digest: digest?.digest ?? null })),
  );
  refuse([...sourceDifferences(lock, sourceFacts(from, null)), ...imageDifferences(lock, used)], from, io);
}

/**
 * Compares source, images, suites and modules with the lock file that must be kept to; after a change of mirror once more, for another
 * mirror may serve another thing.
 *
 * @param served without dates and sums where nobody was asked
 * @throws MobyBuildError `not-as-locked`, exit 4 where source or tree differ, else 5
 */
export async function requireAsLocked(from: Planned & Partial<Fetched>, io: Io, served: ServedFacts): Promise<void> {
  if (from.locking.is !== 'required') return;
  const { lock } = from.locking;
  const images = from.goal === 'build' ? imageDifferences(lock, from.images) : [];
  const tree = await treeOf(from);
  refuse(
    [
      ...sourceDifferences(lock, sourceFacts(from, tree)),
      ...images,
      ...baseDifferences(lock, usedBase(from)),
      ...servedDifferences(lock, served),
    ],
    from,
    io,
  );
}

function usedBase({ base, readyBase = null }: Planned & Partial<Fetched>): UsedBase | null {
  return base === null ? null : { suite: base.suite, digest: readyBase?.facts.digest ?? null };
}

/** git's id of the tree. Of a clone that has only the files that a plan reads, it is the commit's. */
async function treeOf({ goal, options, source: { dir, commit } }: Planned): Promise<string> {
  const partial = goal !== 'build' && options.source.kind === 'url';
  return partial && commit !== null ? treeOfCommit(dir, commit) : treeId(dir);
}

/** Source and components of this run. @param tree null: not known yet */
export function sourceFacts(
  from: Scanned & Partial<Pick<Fetched, 'hostSources' | 'readySources'>>,
  tree: string | null,
): SourceFacts {
  const { source, scan, components, options, target, hostSources = [], readySources = [] } = from;
  const pins = effectivePins(source.files, scan, components, options.buildArgs);
  return {
    ref: source.ref,
    commit: source.commit,
    tree,
    target: target.name,
    platform: `linux/${options.arch}`,
    components: pins
      .filter(({ component }, index) => pins.findIndex((each) => each.component === component) === index)
      .map(({ component, pin }) => {
        const ready = readySources.find((each) => each.source.component === component)?.entry.record;
        // Before it is fetched: what the tree, or the table of tags, says that it must be.
        const wanted = hostSources.find((each) => each.component === component)?.wish.commit;
        const commit = ready?.commit ?? wanted ?? (/^[0-9a-f]{40}$/u.test(pin) ? pin : null);
        return { component, pin, commit, mirror: ready?.mirror ?? null };
      }),
  };
}

function refuse(
  differences: readonly LockDifference[],
  { locking, options }: Pick<Checked, 'locking' | 'options'>,
  io: Io,
): void {
  if (differences.length === 0) return;
  const ofSource = differences.some((each) => each.is === 'source');
  throw new MobyBuildError({
    code: 'not-as-locked',
    exitCode: ofSource ? EXIT.tree : EXIT.network,
    message: `This is not what ${locking.is === 'free' ? 'the lock file' : locking.path} holds:\n${differences.map(({ text }) => `  ${text}`).join('\n')}`,
    where: '--locked',
    hint: 'Nothing was built. A build without --locked makes a new lock file.',
    command: newLock(options, io),
  });
}
