import { setTimeout as sleep } from 'node:timers/promises';
import { stopSignal, throwIfStopping } from './supervisor.ts';

/** Waits. Throws `interrupted` (130, 143) as soon as this run is being ended. */
export async function pause(milliseconds: number): Promise<void> {
  throwIfStopping();
  try {
    await sleep(milliseconds, undefined, { signal: stopSignal() });
  } catch (cause) {
    throwIfStopping();
    throw cause;
  }
}
