import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, isAlive, seeProcess, signalProcess, type SeenProcess } from './process-tree.ts';

/** How long a tree may take to leave after SIGTERM: `docker build` tells the engine to stop, which takes a moment. */
export const TERM_GRACE_MS = 5_000;

const POLL_MS = 40;

/** A tree that still grows after so many looks at it forks faster than it can be stopped. */
const FREEZE_ROUNDS = 20;

/**
 * Ends a process and all its descendants: SIGTERM, then SIGKILL after `graceMs`. Resolves when none of them runs any more.
 *
 * Why not execa's or simple-git's own way: both end the first child only; `make → docker build` and `git → git-remote-http`
 * live on (measured). The tree is stopped (SIGSTOP) before each signal and remembered: a shell whose child is ended first
 * starts the next one before its own turn comes (seen), and that one, an orphan, is in no tree any more.
 */
export async function endTree(pid: number, graceMs: number = TERM_GRACE_MS): Promise<void> {
  const root = seeProcess(pid);
  if (root === null) return;
  const known = new Map<number, SeenProcess>([[pid, root]]);
  await freeze(known);
  await terminate(pid, known);
  signalAll(known, 'SIGCONT');

  const deadline = performance.now() + graceMs;
  while (anyAlive(known) && performance.now() < deadline) {
    await sleep(POLL_MS);
    await remember(known);
  }
  if (!anyAlive(known)) return;
  await freeze(known);
  signalAll(known, 'SIGKILL');
  // The kernel ends them at once, but one in an uninterruptible wait (a hung disk) only later: not waited for without end.
  for (let waited = 0; anyAlive(known) && waited < TERM_GRACE_MS; waited += POLL_MS) await sleep(POLL_MS);
}

/** Stops all of a tree, so that it cannot grow, and remembers it. */
async function freeze(known: Map<number, SeenProcess>): Promise<void> {
  for (let round = 0, before = 0; round < FREEZE_ROUNDS && known.size > before; round += 1) {
    before = known.size;
    signalAll(known, 'SIGSTOP');
    await remember(known);
  }
}

function signalAll(known: ReadonlyMap<number, SeenProcess>, signal: NodeJS.Signals): void {
  for (const seen of known.values()) if (isAlive(seen)) signalProcess(seen.pid, signal);
}

/** zx signals a whole tree on every system, but through `ps`, which slim images lack: then we signal those we remember. */
async function terminate(pid: number, known: ReadonlyMap<number, SeenProcess>): Promise<void> {
  const { kill } = await import('zx/core');
  const byUs = await kill(pid, 'SIGTERM').then(
    () => false,
    () => true,
  );
  if (byUs) signalAll(known, 'SIGTERM');
}

async function remember(known: Map<number, SeenProcess>): Promise<void> {
  const alive = [...known.values()].filter(isAlive).map((seen) => seen.pid);
  for (const child of await descendants(alive)) if (!known.has(child.pid)) known.set(child.pid, child);
}

function anyAlive(known: ReadonlyMap<number, SeenProcess>): boolean {
  for (const seen of known.values()) if (isAlive(seen)) return true;
  return false;
}
