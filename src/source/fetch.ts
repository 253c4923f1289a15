import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { replaceDirectory } from '../system/files/atomic.ts';
import { quoteWord } from '../system/command-line.ts';
import type { GitAccess } from '../system/git/git-access.ts';
import {
  arrivedFrom,
  checkOut,
  fetchedCommit,
  INCOMING,
  nameTag,
  prepareRepository,
  readRecord,
  writeRecord,
  type CheckoutRecord,
  type FailedCheckout,
  type FetchMode,
} from './checkout.ts';
import { noUsableMirror, unknownEverywhere, wrongCommit, type FetchAttempt } from '../transport/fetch-failure.ts';
import { borrow, giveBack, type Neighbour } from './neighbour.ts';
import { classifyFetchFailure, type FetchFailure } from '../transport/fetch-outcome.ts';
import { readProgress } from '../transport/fetch-progress.ts';
import { firstToServe, type FetchListener } from '../transport/first-to-serve.ts';
import { expectedCommit, type ExpectedCommit } from '../moby/pins.ts';
import { diskFull, IDLE_MS, transfer, type CloneCandidate, type StoredCopy } from '../transport/transfer.ts';

export interface FetchOptions extends FetchListener {
  /** A tag of moby; with `commit` also any tag or branch of the source. */
  readonly ref: string;
  /** `--commit`. */
  readonly commit?: string | undefined;
  /** In the order of trying; a function is asked when somebody has to be contacted at all. */
  readonly candidates: readonly CloneCandidate[] | (() => Promise<readonly CloneCandidate[]>);
  /** Asked before them, and only when nothing is in `dir`. */
  readonly stored?: (() => Promise<StoredCopy | null>) | undefined;
  /** Another commit of the same repository that this machine has; asked when something is fetched. */
  readonly neighbour?: (() => Promise<Neighbour | null>) | undefined;
  /** Where the tree shall be (absolute). Ours alone: what stands there and is not this checkout is replaced. */
  readonly dir: string;
  readonly mode: FetchMode;
  /** How this run's gits reach the candidates. */
  readonly access: GitAccess;
  /** Milliseconds of silence after which a mirror is given up; for tests. */
  readonly idleMs?: number | undefined;
}

export interface FetchedSource {
  readonly dir: string;
  readonly ref: string;
  readonly commit: string;
  readonly mode: FetchMode;
  readonly url: string;
  readonly mirror: string;
  /** true: it was there already, and nobody was asked. */
  readonly reused: boolean;
  /** true: it was copied from this machine's store; `url` and `mirror` say who served it in the first place. */
  readonly fromStore: boolean;
  /** Bytes that came over the network, as git tells them; 0 when reused or from the store. */
  readonly receivedBytes: number;
  /** The candidates that failed before. */
  readonly failed: readonly FetchAttempt[];
  /** true: the server gives no commit without its history, so all of it came. */
  readonly whole?: boolean | undefined;
}

/**
 * Brings moby's tree at one ref into `dir`, pristine: one commit, no history, whose id is checked against the table of tags
 * or `--commit` before anything of it is used. git recomputes every object's id on arrival and checks that none is missing,
 * so the right commit id means the right bytes, whoever served them.
 *
 * May be killed at any moment and called again: what stands in `dir` is whole, or is fetched again; a commit that had
 * arrived is not fetched twice.
 *
 * A candidate that hands out another commit is passed over like one that fails; where none has the right one, that is `wrong-commit`.
 *
 * Throws `bad-ref`, `bad-commit`, `unknown-ref` (2), `disk-full` (3), `wrong-commit` (4), `mirror-answers-html`,
 * `network-down`, `no-usable-mirror` (5), `interrupted`.
 */
export async function fetchSource(options: FetchOptions): Promise<FetchedSource> {
  const { ref, dir, mode } = options;
  const expected = expectedCommit(ref, options.commit);
  const there = await takeExisting(dir, expected.commit, mode, options.access);
  if (there !== null) return { ...there, ref, dir, reused: true, fromStore: false, receivedBytes: 0, failed: [] };

  const part = join(dirname(dir), `.${ref.replaceAll('/', '_')}-${mode}.part`);
  await makeFolders(dirname(dir));
  const stored = (await options.stored?.()) ?? null;
  const arrived = stored === null ? await arrivedFrom(part, expected.commit) : null;
  const found = await firstToServe(
    inOrder(stored ?? arrived, options.candidates),
    (candidate) => tryCandidate(part, expected, candidate, options),
    options,
  );
  const { failed } = found;
  if (found.served === null)
    throw wrongCommit(ref, expected, failed) ?? unknownEverywhere(ref, failed) ?? noUsableMirror(ref, failed);
  const { candidate } = found;
  const fromStore = candidate === stored;
  const { url, mirror } = fromStore ? stored.origin : candidate;
  const record: CheckoutRecord = { ref, commit: expected.commit, mode, url, mirror };
  await writeRecord(part, record);
  await replaceDirectory(part, dir);
  const receivedBytes = fromStore ? 0 : found.served.receivedBytes;
  const { whole } = found.served;
  return { ...record, dir, reused: false, fromStore, receivedBytes, failed, ...(whole ? { whole } : {}) };
}

/** What this machine has first: a copy, or the commit from a mirror in a run that was killed then. Nobody else is asked, or measured, unless it fails. */
async function* inOrder(
  here: StoredCopy | CloneCandidate | null,
  candidates: FetchOptions['candidates'],
): AsyncGenerator<StoredCopy | CloneCandidate> {
  if (here !== null) yield here;
  yield* typeof candidates === 'function' ? await candidates() : candidates;
}

/** The checkout in `dir` when it is whole and the right one, put back to its commit; else null. Asks nobody. */
async function takeExisting(
  dir: string,
  commit: string,
  mode: FetchMode,
  access: GitAccess,
): Promise<CheckoutRecord | null> {
  const record = await readRecord(dir);
  if (record === null || record.commit !== commit) return null;
  // A full tree serves a scan as well; few files do not serve a build.
  if (record.mode !== mode && record.mode !== 'full') return null;
  // Objects are missing or damaged: somebody cleaned up in the cache. It is fetched anew, and what is wrong with the disk shows then.
  return (await checkOut(dir, commit, record.mode, record, { access })) === null ? record : null;
}

async function tryCandidate(
  part: string,
  expected: ExpectedCommit,
  candidate: CloneCandidate | StoredCopy,
  options: FetchOptions,
): Promise<FetchFailure | Served> {
  const first = await tryOnce(part, expected, candidate, options, false);
  if (!('outcome' in first) || first.outcome !== 'no-singles') return first;
  await rm(part, { recursive: true, force: true });
  return tryOnce(part, expected, candidate, options, true);
}

interface Served {
  readonly receivedBytes: number;
  readonly whole: boolean;
}

/**
 * @param whole true: with all history and all files. A server of plain files gives nothing less; one that hands out no single objects gives
 *   none of the files that a partial clone asks for later.
 */
async function tryOnce(
  part: string,
  expected: ExpectedCommit,
  candidate: CloneCandidate | StoredCopy,
  options: FetchOptions,
  whole: boolean,
): Promise<FetchFailure | Served> {
  const { ref, mode, access, onProgress } = options;
  const idleTimeoutMs = options.idleMs ?? IDLE_MS;
  let receivedBytes = 0;
  let before = 0;
  const onLine = (line: string): void => {
    const progress = readProgress(line);
    if (progress === null) return;
    receivedBytes = Math.max(receivedBytes, before + (progress.receivedBytes ?? 0));
    onProgress?.(progress, candidate);
  };

  // The settings of a partial clone would ask for a filter again, and a git that fetches plain files under one never ends (2.39).
  const prepare = (): Promise<void> => prepareRepository(part, candidate, whole ? 'full' : mode);
  await prepare();
  const isNew = (await fetchedCommit(part)) !== expected.commit;
  const canLend = isNew && !whole && mode === 'full' && !('wanted' in candidate);
  const neighbour = canLend ? ((await options.neighbour?.()) ?? null) : null;
  if (neighbour !== null) {
    await borrow(part, neighbour, access, idleTimeoutMs);
    await prepare();
  }
  if (isNew) {
    const less = whole ? [] : ['--depth=1', ...(mode === 'files' ? ['--filter=blob:none'] : [])];
    const wanted = 'wanted' in candidate ? candidate.wanted : ref;
    const failure = await transfer(part, candidate, ['--no-tags', ...less], [`+${wanted}:${INCOMING}`], {
      access,
      onLine,
      idleTimeoutMs,
      onAgain: (again, waitMs) => options.onAgain?.({ ...again, ...candidate }, waitMs),
    });
    if (failure !== null) return failure;
    const got = await fetchedCommit(part);
    if (got !== expected.commit) {
      await rm(part, { recursive: true, force: true });
      const reason = `it hands out another commit as ${ref}: ${got ?? 'nothing'} instead of ${expected.commit}`;
      return { outcome: 'other-commit', reason };
    }
  }
  await giveBack(part);
  before = receivedBytes;
  const failed = await checkOut(part, expected.commit, mode, candidate, { access, onLine, idleTimeoutMs });
  if (failed !== null) {
    const failure = afterCheckout(failed, part, mode);
    // What came may be damaged: the next candidate begins anew.
    await rm(part, { recursive: true, force: true });
    return failure;
  }
  await nameTag(part, ref);
  return { receivedBytes, whole };
}

/** A checkout fails for want of space or, in mode `files`, of the blobs that the server would not give. */
function afterCheckout({ stderr, timedOut }: FailedCheckout, dir: string, mode: FetchMode): FetchFailure {
  const failure = classifyFetchFailure(stderr, timedOut);
  if (failure.outcome === 'disk-full') throw diskFull(dir);
  if (mode === 'files') return failure;
  throw new MobyBuildError({
    code: 'command-failed',
    exitCode: EXIT.failed,
    message: `git could not write the tree: ${failure.reason}`,
    where: dir,
    hint: 'The commit has arrived whole; look at the file system.',
    command: `df -h ${quoteWord(dir)}`,
  });
}
