import { pause } from './pause.ts';

/**
 * The one loop that tries again: what came is looked at, and the same is tried after a while, or not.
 *
 * @param attempt is told its number, from 1
 * @param waitAfter milliseconds before the next attempt; null: what came is the result
 * @throws what `attempt` and `waitAfter` throw, and `interrupted` when the run is being ended while it waits
 */
export async function again<Result>(
  attempt: (tries: number) => Promise<Result>,
  waitAfter: (result: Result, tries: number) => number | null | Promise<number | null>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt(tries);
    const waitMs = await waitAfter(result, tries);
    if (waitMs === null) return result;
    await pause(waitMs);
  }
}
