import { setMaxListeners } from 'node:events';
import { MobyBuildError, EXIT } from '../../errors.ts';
import { endTree, TERM_GRACE_MS } from './end-tree.ts';
import { descendants } from './process-tree.ts';

/**
 * Knows every child process and every temporary thing of this run, so that one signal ends and removes them all.
 * The state is the process's own, as the children are: there is one supervisor.
 */
const children = new Set<number>();
const cleanups = new Set<() => void>();
let stopping: NodeJS.Signals | null = null;
let stop = newStop();
let exitHooked = false;

/** Registers a running child. Returns what takes it off the list once it has ended. */
export function watchChild(pid: number): () => void {
  children.add(pid);
  return () => {
    children.delete(pid);
  };
}

/**
 * Registers a synchronous clean-up (a temporary directory, say) that runs when the process leaves, however it leaves short of
 * SIGKILL. Returns what takes it off the list.
 */
export function onLeave(cleanUp: () => void): () => void {
  if (!exitHooked) {
    exitHooked = true;
    process.on('exit', runCleanups);
  }
  cleanups.add(cleanUp);
  return () => {
    cleanups.delete(cleanUp);
  };
}

/** Runs every clean-up once; one that throws does not keep the others from running: the first error is thrown at the end. */
export function runCleanups(): void {
  const failures: unknown[] = [];
  for (const cleanUp of [...cleanups].reverse()) {
    cleanups.delete(cleanUp);
    try {
      cleanUp();
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Aborted when this run is being ended: every wait of ours (a pause, a request) listens to it, as children are ended by `killAll`. */
export function stopSignal(): AbortSignal {
  return stop.signal;
}

function newStop(): AbortController {
  const controller = new AbortController();
  // One for each wait is no leak.
  setMaxListeners(0, controller.signal);
  return controller;
}

/** The signal that is ending this run, or null. */
export function stoppingSignal(): NodeJS.Signals | null {
  return stopping;
}

/**
 * Ends every process below this one (SIGTERM, SIGKILL after the grace) and keeps `run()` from starting new ones; for the
 * handler of SIGINT and SIGTERM. Resolves when none is left; running `run()` calls then reject with `interrupted`.
 * All descendants, not only those that `run()` started: a library may have started its own (simple-git does).
 */
export async function killAll(signal: NodeJS.Signals, graceMs: number = TERM_GRACE_MS): Promise<void> {
  stopping ??= signal;
  stop.abort();
  const below = await descendants([process.pid]);
  const pids = new Set([...children, ...below.filter((seen) => seen.parent === process.pid).map((seen) => seen.pid)]);
  await Promise.all([...pids].map((pid) => endTree(pid, graceMs)));
}

/** Throws `interrupted` (exit 130 or 143) when this run is being ended. Long work of our own asks between its steps. */
export function throwIfStopping(): void {
  if (stopping === null) return;
  throw new MobyBuildError({
    code: 'interrupted',
    exitCode: stopping === 'SIGINT' ? EXIT.sigint : EXIT.sigterm,
    message: `Interrupted by ${stopping}.`,
  });
}

/** Number of children that run now. */
export function liveChildren(): number {
  return children.size;
}

/** Forgets that a signal came: only for tests, which share one process. */
export function resumeAfterKill(): void {
  stopping = null;
  stop = newStop();
}
