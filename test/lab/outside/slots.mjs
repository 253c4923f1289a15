// @ts-check
import { join } from 'node:path';
import { LabError } from '../machine.mjs';
import { cacheDir } from '../prepare/cache.mjs';
import { isLive } from './clean-up.mjs';

/**
 * As many labs run at once as there are slots. A lab's files, and with them its network, its cgroups and its sockets, are those of its slot:
 * nothing in one can meet the other.
 */
export const slots = /** @type {const} */ (['1', '2']);

/** Where the lab of a slot has its files. @param {string} slot */
export function stateDir(slot) {
  return join(cacheDir(), `run-${slot}`);
}

/**
 * The slots that are meant: the one that LAB_SLOT names, or in a worker of vitest that worker's own, for no test may take what another
 * one's lab has left; else all.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {readonly string[]}
 * @throws LabError where there is no such slot
 */
export function slotsMeant(env = process.env) {
  const said = env.LAB_SLOT ?? env.VITEST_POOL_ID;
  if (said === undefined) return slots;
  if (!slots.some((slot) => slot === said))
    throw new LabError(`There is no slot "${said}" for a lab: LAB_SLOT is one of ${slots.join(', ')}.`);
  return [said];
}

/** The folders of the labs that run, of those that are meant. @returns {readonly string[]} */
export function runningStates() {
  return slotsMeant().map(stateDir).filter(isLive);
}

/**
 * The folder of a lab that is about to start: of the first free slot.
 * @returns {string}
 * @throws LabError where each has a lab that runs
 */
export function freeState() {
  const free = slotsMeant()
    .map(stateDir)
    .find((state) => !isLive(state));
  if (free !== undefined) return free;
  const [slot] = slotsMeant();
  throw new LabError(`A lab runs already in each slot. End one with: LAB_SLOT=${slot} node test/lab/lab.mjs stop`);
}

/**
 * The folder of the one lab that runs; null where none does.
 * @returns {string | null}
 * @throws LabError where it is not clear which is meant
 */
export function onlyState() {
  const running = runningStates();
  if (running.length > 1)
    throw new LabError(
      `${running.length} labs run. Say which is meant, by its slot: LAB_SLOT=${slots.join(' or LAB_SLOT=')}.`,
    );
  return running[0] ?? null;
}
