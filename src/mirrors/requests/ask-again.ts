import type { HttpAnswer } from '../../system/http/http.ts';
import type { HttpFailure } from '../../system/http/http-fault.ts';
import { PASSING_STATUS } from '../../symptoms/faults.ts';
import { again } from '../../system/process/again.ts';

/** Before the second and the third try, unless the server says when. */
const WAITS_MS = [250, 1_000] as const;

type Result = HttpAnswer | HttpFailure;

/**
 * Asks up to three times where what came may be gone the next time: 429, what a server says of itself that passes (RFC 9110, 15.6), an
 * answer that broke off, a name server that failed. Never longer than there is time; the last answer counts.
 *
 * @param leftMs milliseconds that are left for all of it
 */
export async function askAgain(ask: () => Promise<Result>, leftMs: () => number): Promise<Result> {
  return again(ask, (result, tries) => {
    const least = WAITS_MS[tries - 1];
    if (least === undefined || !isPassing(result)) return null;
    const wait = Math.max(least, retryAfterMs(result));
    // As much again is left for the answer.
    return wait < leftMs() / 2 ? wait : null;
  });
}

function isPassing(result: Result): boolean {
  if ('fault' in result) return result.fault === 'broken' || result.passing === true;
  return PASSING_STATUS.has(result.status);
}

/** Seconds only (RFC 9110, 10.2.3): a date would need the server's clock. */
function retryAfterMs(result: Result): number {
  if ('fault' in result) return 0;
  const seconds = /^\d{1,7}$/u.exec(result.headers['retry-after'] ?? '')?.[0];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}
