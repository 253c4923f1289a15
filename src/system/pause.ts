import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfStopping } from './supervisor.ts';

/** A signal is heard this soon. */
const SLICE_MS = 100;

/** Waits. Throws `interrupted` (130, 143) as soon as this run is being ended. */
export async function pause(milliseconds: number): Promise<void> {
  const ends = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = ends - performance.now()) {
    throwIfStopping();
    await sleep(Math.min(left, SLICE_MS));
  }
  throwIfStopping();
}
