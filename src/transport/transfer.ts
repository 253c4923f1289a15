import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { GitAccess } from '../system/git/git-access.ts';
import { runGit, type Remote } from '../system/git/git.ts';
import { classifyFetchFailure, type FetchFailure } from './fetch-outcome.ts';
import { transferAgain } from './transfer-again.ts';

/** Silence after which a mirror is given up: git writes progress once a second, but a server may think before it begins. */
export const IDLE_MS = 90_000;

export interface CloneCandidate {
  /** The mirror's id in the catalogue, `flag`, or `source`; only shown. */
  readonly mirror: string;
  /** What git clones from: the template is already filled. */
  readonly url: string;
}

/** A copy that this machine has already, checked. */
export interface StoredCopy extends CloneCandidate {
  /** What it is asked for: it may have the commit and not the ref's name. */
  readonly wanted: string;
  /** Who served it in the first place. */
  readonly origin: CloneCandidate;
}

export interface TransferOptions {
  readonly access: GitAccess;
  readonly onLine: (line: string) => void;
  readonly idleTimeoutMs: number;
  /** Called before the same server is tried again, with the milliseconds until then. */
  readonly onAgain?: ((failure: FetchFailure, waitMs: number) => void) | undefined;
}

/**
 * `git fetch` from `origin` of a repository that is prepared for this candidate; null when all came. git has then recomputed
 * every object's id and seen that none is missing. A failure that passes is tried again at the same server.
 *
 * @param args options of git-fetch(1), `--no-tags` for one
 * Throws `disk-full` (3); any other failure is returned.
 */
export async function transfer(
  dir: string,
  candidate: CloneCandidate,
  args: readonly string[],
  refspecs: readonly string[],
  options: TransferOptions,
): Promise<FetchFailure | null> {
  const remote = { access: options.access, url: candidate.url };
  return transferAgain(remote, () => transferOnce(dir, candidate, args, refspecs, options), options.onAgain);
}

async function transferOnce(
  dir: string,
  candidate: CloneCandidate,
  args: readonly string[],
  refspecs: readonly string[],
  { access, onLine, idleTimeoutMs }: TransferOptions,
): Promise<FetchFailure | null> {
  const { exitCode, stderr, timedOut } = await runGit(
    dir,
    ['fetch', ...args, '--no-recurse-submodules', '--progress', 'origin', ...refspecs],
    { remote: { access, url: candidate.url }, onLine, idleTimeoutMs, allowFailure: true },
  );
  if (exitCode === 0 && !timedOut) return null;
  const failure = classifyFetchFailure(stderr, timedOut);
  if (failure.outcome === 'disk-full') throw diskFull(dir);
  return failure.outcome === 'no-such-ref' ? await lookCloser(dir, { access, url: candidate.url }, failure) : failure;
}

/**
 * git takes any page for the old file protocol and finds no ref on it. So when a ref is missing over HTTP, the content type
 * that the server gave is looked at (gitprotocol-http: `application/x-git-upload-pack-advertisement`).
 */
async function lookCloser(dir: string, remote: Remote, failure: FetchFailure): Promise<FetchFailure> {
  if (!/^https?:/i.test(remote.url)) return failure;
  const { stderr } = await runGit(dir, ['ls-remote', '--quiet', remote.url, 'HEAD'], {
    remote,
    allowFailure: true,
    timeoutMs: 60_000,
    env: { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' },
  });
  const types = [...stderr.matchAll(/header:? content-type: *([^\s;]+)/gi)].map(([, type]) => type);
  const type = types.at(-1);
  if (type === undefined || type.startsWith('application/x-git-')) return failure;
  return { outcome: 'not-git', reason: `it answers ${type}, which is a page and not git` };
}

export function diskFull(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'disk-full',
    exitCode: EXIT.machine,
    message: `No space is left for the source in ${path}.`,
    where: path,
    hint: 'Free some space, or put the work somewhere else with --work-dir DIR.',
    command: `df -h ${dirname(path)}`,
  });
}
