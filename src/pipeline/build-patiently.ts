import pRetry from 'p-retry';
import { BuildFailed } from '../build/build-failure.ts';
import { pause } from '../system/pause.ts';
import { MESSAGES } from '../ui/messages.ts';
import { compile } from './compile.ts';
import { addNotes, type RunState } from './state.ts';

/** Before the second and the third try of the same build: long enough for a server that restarts, short beside a build. */
const WAITS_MS = [5_000, 15_000] as const;

/**
 * Runs the build, and again where the network failed in a way that passes (too many requests, a server's failure, a connection that
 * broke off): BuildKit keeps the steps that were done. Each try is told.
 *
 * @param again whether this run built before: its log is kept then
 * @throws what `compile` throws the last time
 */
export function buildPatiently(state: RunState, say: (text: string) => void, again: boolean): Promise<string> {
  return pRetry((attempt) => compile(state, say, again || attempt > 1), {
    retries: WAITS_MS.length,
    // The waiting is done below, where a signal ends it.
    minTimeout: 0,
    shouldRetry: ({ error }) => isTransient(error),
    onFailedAttempt: async ({ error, attemptNumber }) => {
      const wait = WAITS_MS[attemptNumber - 1];
      if (wait === undefined || !isTransient(error)) return;
      const { point } = error.blame;
      const message = MESSAGES.buildAgain(error.fault.what, point.url, wait / 1000, attemptNumber + 1);
      addNotes(state, [{ level: 'warning', code: 'build-again', message }]);
      say(message);
      await pause(wait);
    },
  });
}

type Transient = BuildFailed & {
  readonly blame: NonNullable<BuildFailed['blame']>;
  readonly fault: NonNullable<BuildFailed['fault']>;
};

function isTransient(error: unknown): error is Transient {
  return error instanceof BuildFailed && error.blame !== null && error.fault?.transient === true;
}
