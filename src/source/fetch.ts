import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { replaceDirectory } from '../system/atomic.ts';
import { runGit } from '../system/git.ts';
import { stoppingSignal, throwIfStopping } from '../system/supervisor.ts';
import {
  checkOut,
  fetchedCommit,
  INCOMING,
  nameTag,
  prepareRepository,
  readRecord,
  writeRecord,
  type CheckoutRecord,
  type FetchMode,
} from './checkout.ts';
import { noUsableMirror, wrongCommit, type FetchAttempt } from './fetch-failure.ts';
import { classifyFetchFailure, type FetchFailure } from './fetch-outcome.ts';
import { readProgress, type FetchProgress } from './fetch-progress.ts';
import { expectedCommit, type ExpectedCommit } from './pins.ts';

/** Silence after which a mirror is given up: git writes progress once a second, but a server may think before it begins. */
const IDLE_MS = 90_000;

export interface CloneCandidate {
  /** The mirror's id in the catalogue, `flag`, or `source`; only shown. */
  readonly mirror: string;
  /** What git clones from: the template is already filled. */
  readonly url: string;
}

export interface FetchOptions {
  /** A tag of moby; with `commit` also any tag or branch of the source. */
  readonly ref: string;
  /** `--commit`. */
  readonly commit?: string | undefined;
  /** In the order of trying. */
  readonly candidates: readonly CloneCandidate[];
  /** Where the tree shall be (absolute). Ours alone: what stands there and is not this checkout is replaced. */
  readonly dir: string;
  readonly mode: FetchMode;
  readonly onProgress?: ((progress: FetchProgress, candidate: CloneCandidate) => void) | undefined;
  /** Called when a candidate failed and the next one comes, if there is one. */
  readonly onFailure?: ((attempt: FetchAttempt) => void) | undefined;
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
  /** Bytes that came over the network, as git tells them; 0 when reused. */
  readonly receivedBytes: number;
  /** The candidates that failed before. */
  readonly failed: readonly FetchAttempt[];
}

/**
 * Brings moby's tree at one ref into `dir`, pristine: one commit, no history, whose id is checked against the table of tags
 * or `--commit` before anything of it is used. git recomputes every object's id on arrival and checks that none is missing,
 * so the right commit id means the right bytes, whoever served them.
 *
 * May be killed at any moment and called again: what stands in `dir` is whole, or is fetched again; a commit that had
 * arrived is not fetched twice.
 *
 * Throws `bad-ref`, `bad-commit`, `unknown-ref` (2), `disk-full` (3), `wrong-commit` (4), `mirror-answers-html`,
 * `network-down`, `no-usable-mirror` (5), `interrupted`.
 */
export async function fetchSource(options: FetchOptions): Promise<FetchedSource> {
  const { ref, dir, mode } = options;
  const expected = expectedCommit(ref, options.commit);
  const there = await takeExisting(dir, expected.commit, mode);
  if (there !== null) return { ...there, ref, dir, reused: true, receivedBytes: 0, failed: [] };

  const part = join(dirname(dir), `.${ref.replaceAll('/', '_')}-${mode}.part`);
  await mkdir(dirname(dir), { recursive: true });
  const failed: FetchAttempt[] = [];
  for (const candidate of options.candidates) {
    throwIfStopping();
    const attempt = await tryCandidate(part, expected, candidate, options);
    if ('outcome' in attempt) {
      failed.push({ ...attempt, ...candidate });
      options.onFailure?.({ ...attempt, ...candidate });
      continue;
    }
    const record: CheckoutRecord = { ref, commit: expected.commit, mode, url: candidate.url, mirror: candidate.mirror };
    await writeRecord(part, record);
    await replaceDirectory(part, dir);
    return { ...record, dir, reused: false, receivedBytes: attempt.receivedBytes, failed };
  }
  throw noUsableMirror(ref, failed);
}

/** The checkout in `dir` when it is whole and the right one, put back to its commit; else null. Asks nobody. */
async function takeExisting(dir: string, commit: string, mode: FetchMode): Promise<CheckoutRecord | null> {
  const record = await readRecord(dir);
  if (record === null || record.commit !== commit) return null;
  // A full tree serves a scan as well; few files do not serve a build.
  if (record.mode !== mode && record.mode !== 'full') return null;
  try {
    await checkOut(dir, commit, record.mode);
  } catch (cause) {
    // Objects are missing or damaged: somebody cleaned up in the cache. It is fetched anew, and what is wrong with the disk shows then.
    if (stoppingSignal() !== null || (cause instanceof MobyBuildError && cause.exitCode === EXIT.machine)) throw cause;
    return null;
  }
  return record;
}

async function tryCandidate(
  part: string,
  expected: ExpectedCommit,
  candidate: CloneCandidate,
  options: FetchOptions,
): Promise<FetchFailure | { readonly receivedBytes: number }> {
  const { ref, mode, onProgress } = options;
  const idleTimeoutMs = options.idleMs ?? IDLE_MS;
  let receivedBytes = 0;
  let before = 0;
  const onLine = (line: string): void => {
    const progress = readProgress(line);
    if (progress === null) return;
    receivedBytes = Math.max(receivedBytes, before + (progress.receivedBytes ?? 0));
    onProgress?.(progress, candidate);
  };

  await prepareRepository(part, candidate.url, mode);
  if ((await fetchedCommit(part)) !== expected.commit) {
    const failure = await fetchCommit(part, ref, mode, candidate, { onLine, idleTimeoutMs });
    if (failure !== null) return failure;
    const got = await fetchedCommit(part);
    if (got !== expected.commit) {
      await rm(part, { recursive: true, force: true });
      throw wrongCommit(ref, expected.commit, got ?? 'nothing', candidate.url, expected.from);
    }
  }
  before = receivedBytes;
  try {
    await checkOut(part, expected.commit, mode, { onLine, idleTimeoutMs });
  } catch (cause) {
    const failure = afterCheckout(cause, mode);
    // What came may be damaged: the next candidate begins anew.
    await rm(part, { recursive: true, force: true });
    return failure;
  }
  await nameTag(part, ref);
  return { receivedBytes };
}

/** One commit without its history, by whatever name the server has it; null when it came. */
async function fetchCommit(
  part: string,
  ref: string,
  mode: FetchMode,
  candidate: CloneCandidate,
  options: { readonly onLine: (line: string) => void; readonly idleTimeoutMs: number },
): Promise<FetchFailure | null> {
  const filter = mode === 'files' ? ['--filter=blob:none'] : [];
  const { exitCode, stderr, timedOut } = await runGit(
    part,
    [
      'fetch',
      '--depth=1',
      '--no-tags',
      '--no-recurse-submodules',
      '--progress',
      ...filter,
      'origin',
      `+${ref}:${INCOMING}`,
    ],
    { ...options, allowFailure: true },
  );
  if (exitCode === 0 && !timedOut) return null;
  const failure = classifyFetchFailure(stderr, timedOut);
  if (failure.outcome === 'disk-full') throw diskFull(part);
  return failure.outcome === 'no-such-ref' ? await lookCloser(part, candidate, failure) : failure;
}

/**
 * git takes any page for the old file protocol and finds no ref on it. So when a ref is missing over HTTP, the content type
 * that the server gave is looked at (gitprotocol-http: `application/x-git-upload-pack-advertisement`).
 */
async function lookCloser(part: string, candidate: CloneCandidate, failure: FetchFailure): Promise<FetchFailure> {
  if (!/^https?:/i.test(candidate.url)) return failure;
  const { stderr } = await runGit(part, ['ls-remote', '--quiet', candidate.url, 'HEAD'], {
    allowFailure: true,
    timeoutMs: 60_000,
    env: { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' },
  });
  const types = [...stderr.matchAll(/header:? content-type: *([^\s;]+)/gi)].map(([, type]) => type);
  const type = types.at(-1);
  if (type === undefined || type.startsWith('application/x-git-')) return failure;
  return { outcome: 'not-git', reason: `it answers ${type}, which is a page and not git` };
}

/** A checkout fails for want of space or, in mode `files`, of the blobs that the server would not give. */
function afterCheckout(cause: unknown, mode: FetchMode): FetchFailure {
  if (!(cause instanceof MobyBuildError) || (cause.code !== 'command-failed' && cause.code !== 'command-timed-out'))
    throw cause;
  const failure = classifyFetchFailure(cause.message, cause.code === 'command-timed-out');
  if (failure.outcome === 'disk-full') throw cause;
  if (mode === 'full') throw cause;
  return failure;
}

function diskFull(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'disk-full',
    exitCode: EXIT.machine,
    message: `No space is left for the source in ${path}.`,
    where: path,
    hint: 'Free some space, or put the work somewhere else with --work-dir DIR.',
    command: `df -h ${dirname(path)}`,
  });
}
