import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, isAlive, seeProcess, signalProcess, type SeenProcess } from './process-tree.ts';

/** How long a tree may take to leave after SIGTERM: `docker build` tells the engine to stop, which takes a moment. */
export const TERM_GRACE_MS = 5_000;

const POLL_MS = 40;

/** Rounds of SIGKILL: a process may fork between the look and the kill, hardly three times in a row. */
const KILL_ROUNDS = 3;

/**
 * Ends a process and all its descendants: SIGTERM, then SIGKILL after `graceMs`. Resolves when none of them runs any more.
 *
 * Why not execa's or simple-git's own way: both end the first child only; `make → docker build` and `git → git-remote-http`
 * live on (measured). The tree is remembered before the first signal, because orphans change their parent to init.
 */
export async function endTree(pid: number, graceMs: number = TERM_GRACE_MS): Promise<void> {
  const root = seeProcess(pid);
  const known = new Map<number, SeenProcess>();
  if (root !== null) known.set(pid, root);
  await remember(known);

  await terminate(pid, known);
  const deadline = performance.now() + graceMs;
  while (anyAlive(known) && performance.now() < deadline) {
    await sleep(POLL_MS);
    await remember(known);
  }

  for (let round = 0; round < KILL_ROUNDS && anyAlive(known); round += 1) {
    await remember(known);
    for (const seen of known.values()) if (isAlive(seen)) signalProcess(seen.pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** zx signals a whole tree on every system, but through `ps`, which slim images lack: then we signal those we remember. */
async function terminate(pid: number, known: ReadonlyMap<number, SeenProcess>): Promise<void> {
  if (!known.has(pid)) return;
  const { kill } = await import('zx/core');
  const byUs = await kill(pid, 'SIGTERM').then(
    () => false,
    () => true,
  );
  if (byUs) for (const seen of known.values()) if (isAlive(seen)) signalProcess(seen.pid, 'SIGTERM');
}

async function remember(known: Map<number, SeenProcess>): Promise<void> {
  const alive = [...known.values()].filter(isAlive).map((seen) => seen.pid);
  for (const child of await descendants(alive)) if (!known.has(child.pid)) known.set(child.pid, child);
}

function anyAlive(known: ReadonlyMap<number, SeenProcess>): boolean {
  for (const seen of known.values()) if (isAlive(seen)) return true;
  return false;
}
