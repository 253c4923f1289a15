import { Worker } from 'node:worker_threads';
import { runCleanups } from '../process/supervisor.ts';

/** The signals that end a run. SIGHUP: the terminal is gone; left to Node it would end this process alone, and logins would stay in temporary files. */
export const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Under this name the guard's thread finds, through the inspector, what the main thread must do before a signal ends it. */
export const LEAVE_NAME = 'mobyBuildLeaveBySignal';

/**
 * Watches, from a thread of its own, that a signal ends this process. Node runs signal handlers in the event loop of the main thread: where
 * that thread never comes back to its loop (a display that wraps text to no columns did so), no handler ever runs.
 * The guard asks the main thread for an answer after each signal. Without one it ends all child processes, lets the clean-ups run, and
 * gives the signal its default effect.
 *
 * @param program the file of `signal-guard-thread`, built
 * @returns what stops the watching; to be called when the signal handlers are taken off
 */
export function startSignalGuard(program: URL): () => void {
  Object.defineProperty(globalThis, LEAVE_NAME, { value: leave, configurable: true });
  const guard = new Worker(program);
  // An answer says that the event loop turns: then the handlers of the signal run too.
  guard.on('message', () => {
    guard.postMessage('here');
  });
  guard.unref();
  return () => {
    void guard.terminate();
  };
}

/** Runs in the main thread, in the middle of whatever holds it: the clean-ups, and the signals' default effect. */
function leave(): void {
  for (const signal of STOPS) process.removeAllListeners(signal);
  runCleanups();
}
