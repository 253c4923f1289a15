// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The cgroup of a lab's containers, below each hierarchy. Each state folder has one of its own: a stop with another LAB_CACHE
 * would else take empty ones away from a lab that is just about to use them.
 * @param {string} state
 */
export function cgroupOf(state) {
  return `moby-build-lab-${createHash('sha256').update(state).digest('hex').slice(0, 8)}`;
}

/** @param {string} state whether a lab runs there */
export function isLive(state) {
  return keeperOf(state) !== null;
}

/** The keeper's process id when it is really the keeper of this very lab. @param {string} state */
function keeperOf(state) {
  const file = join(state, 'keeper.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8'));
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return line.some((word) => word.endsWith('outside/keeper.mjs')) && line.includes(state) ? pid : null;
  } catch {
    return null; // Gone.
  }
}

/**
 * Ends the lab in `state`, if it runs, and removes what it left: its namespaces go with its processes, its cgroups and files
 * are removed here. Harmless when there is nothing.
 * @param {string} state
 * @param {{keepLogs?: boolean}} [options]
 */
export async function cleanUp(state, { keepLogs = false } = {}) {
  const pid = keeperOf(state);
  if (pid !== null) {
    process.kill(pid, 'SIGTERM');
    await gone(() => keeperOf(state) === null);
  }
  // Killed processes take a moment to leave their cgroups.
  await gone(() => removeCgroups(state) === 0);
  if (keepLogs || !existsSync(state)) return;
  rmSync(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** @param {() => boolean} done */
async function gone(done) {
  for (let tries = 0; tries < 100 && !done(); tries += 1) await sleep(100);
}

/** Removes the lab's cgroups, deepest first. @param {string} state @returns {number} how many are left */
function removeCgroups(state) {
  const root = '/sys/fs/cgroup';
  if (!existsSync(root)) return 0;
  const tops = [root, ...readdirSync(root).map((name) => join(root, name))]
    .map((dir) => join(dir, cgroupOf(state)))
    .filter((dir) => existsSync(dir) && statSync(dir).isDirectory());
  let left = 0;
  /** @param {string} dir */
  const remove = (dir) => {
    for (const name of readdirSync(dir, { withFileTypes: true })) if (name.isDirectory()) remove(join(dir, name.name));
    try {
      rmdirSync(dir);
    } catch {
      left += 1; // Still in use: the caller tries again.
    }
  };
  for (const top of new Set(tops)) remove(top);
  return left;
}
