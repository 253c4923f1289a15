import pRetry from 'p-retry';
import type { HttpAnswer } from '../../system/http/http.ts';
import type { HttpFailure } from '../../system/http/http-fault.ts';
import { pause } from '../../system/process/pause.ts';

/** Before the second and the third try, unless the server says when. */
const WAITS_MS = [250, 1_000] as const;

type Result = HttpAnswer | HttpFailure;

/** A result that may be another one the next time, on its way through p-retry, which knows errors only. */
class Passing extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super('it may be gone the next time');
    this.result = result;
  }
}

/**
 * Asks up to three times where what came may be gone the next time: 429, what a server says of itself that passes (RFC 9110, 15.6), an
 * answer that broke off, a name server that failed. Never longer than there is time; the last answer counts.
 *
 * @param leftMs milliseconds that are left for all of it
 */
export async function askAgain(ask: () => Promise<Result>, leftMs: () => number): Promise<Result> {
  let goOn = true;
  try {
    return await pRetry(
      async () => {
        const result = await ask();
        if (isPassing(result)) throw new Passing(result);
        return result;
      },
      {
        retries: WAITS_MS.length,
        // The waiting is done below, where a signal ends it.
        minTimeout: 0,
        shouldRetry: () => goOn,
        onFailedAttempt: async ({ error, attemptNumber }) => {
          const least = WAITS_MS[attemptNumber - 1];
          goOn = false;
          if (least === undefined || !(error instanceof Passing)) return;
          const wait = Math.max(least, retryAfterMs(error.result));
          // As much again is left for the answer.
          goOn = wait < leftMs() / 2;
          if (goOn) await pause(wait);
        },
      },
    );
  } catch (cause) {
    if (cause instanceof Passing) return cause.result;
    throw cause;
  }
}

function isPassing(result: Result): boolean {
  if ('fault' in result) return result.fault === 'broken' || result.passing === true;
  return [429, 500, 502, 503, 504].includes(result.status);
}

/** Seconds only (RFC 9110, 10.2.3): a date would need the server's clock. */
function retryAfterMs(result: Result): number {
  if ('fault' in result) return 0;
  const seconds = /^\d{1,7}$/u.exec(result.headers['retry-after'] ?? '')?.[0];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}
