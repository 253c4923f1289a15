import { PASSING_STATUS } from '../symptoms/faults.ts';
import { runGit, type Remote } from '../system/git/git.ts';
import { again } from '../system/process/again.ts';
import type { FetchFailure } from './fetch-outcome.ts';

/** Before the second and the third try at the same server; the next server is asked after that. */
const WAITS_MS = [1_000, 3_000] as const;

/** Those that may say by Retry-After when to come again (RFC 6585, 4; RFC 9110, 15.6.4). */
const SAYS_WHEN: ReadonlySet<number> = new Set([429, 503]);

/** A server that asks for more time than this is left for the next one. */
const LONGEST_WAIT_MS = 30_000;

/**
 * How often a failure that may be gone the next time is tried again: a refusal that passes (429, and what a server says of itself,
 * RFC 9110, 15.6) twice; a transfer that broke off once, for its bytes come anew.
 */
export function triesAfter({ outcome, status }: FetchFailure): number {
  if (outcome === 'broke-off') return 1;
  return status !== undefined && PASSING_STATUS.has(status) ? WAITS_MS.length : 0;
}

/**
 * Tries a transfer up to three times at one server, as long as its failures pass.
 *
 * @param remote the server, which may say by Retry-After when to come again
 * @param onAgain called before each further try with the failure and the milliseconds until then
 * @returns the last failure, or null. Throws what `attempt` throws, and `interrupted`.
 */
export async function transferAgain(
  remote: Remote,
  attempt: () => Promise<FetchFailure | null>,
  onAgain: ((failure: FetchFailure, waitMs: number) => void) | undefined,
): Promise<FetchFailure | null> {
  return again(attempt, async (failure, tries) => {
    const wait = WAITS_MS[tries - 1];
    if (failure === null || wait === undefined || tries > triesAfter(failure)) return null;
    const asked = SAYS_WHEN.has(failure.status ?? 0) ? await retryAfter(remote) : 0;
    if (asked > LONGEST_WAIT_MS) return null;
    onAgain?.(failure, Math.max(wait, asked));
    return Math.max(wait, asked);
  });
}

/** Milliseconds that the server asks for; 0 where it says nothing. git tells headers in its trace only (git(1), GIT_TRACE_CURL). */
async function retryAfter(remote: Remote): Promise<number> {
  if (!/^https?:/iu.test(remote.url)) return 0;
  const { stderr } = await runGit('/', ['ls-remote', '--quiet', remote.url, 'HEAD'], {
    remote,
    allowFailure: true,
    timeoutMs: 30_000,
    env: { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' },
  });
  const seconds = /header:? retry-after: *(\d{1,7})\s*$/imu.exec(stderr)?.[1];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}
