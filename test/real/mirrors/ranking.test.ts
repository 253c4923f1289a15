import { afterAll, describe, expect, it } from 'vitest';
import { startFaulty, type Fault } from './faulty-mirror.ts';
import { debian } from './healthy-mirror.ts';
import { mirrorOf, rankedOf } from './ranked.ts';

interface Simulated {
  readonly id: string;
  readonly fault?: Fault;
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

async function ranked(mirrors: readonly Simulated[], limitMs = 20_000): Promise<readonly string[]> {
  const entries = await Promise.all(
    mirrors.map(async ({ id, fault = 'none', ...line }) => {
      const { url, close } = await startFaulty({ fault, healthy: debian(), ...line });
      closing.push(close);
      return mirrorOf(id, url);
    }),
  );
  return rankedOf(entries, limitMs);
}

describe('ranking under simulated lines', () => {
  it('a fast 404 never wins', async () => {
    const order = await ranked([
      { id: 'fast', fault: '404' },
      { id: 'slow', delayMs: 300, bytesPerSecond: 20_000 },
    ]);
    expect(order).toEqual(['slow ok', 'fast wrong-status']);
  });

  it('the official host wins where it is best', async () => {
    const order = await ranked([
      { id: 'thin', bytesPerSecond: 8_000 },
      { id: 'far', delayMs: 700 },
      { id: 'official', delayMs: 20 },
    ]);
    expect(order[0]).toBe('official ok');
    expect(order).toHaveLength(3);
  });

  it('a mirror wins where it is nearer than the official host', async () => {
    expect(
      (
        await ranked([
          { id: 'official', delayMs: 500 },
          { id: 'near', delayMs: 20 },
        ])
      )[0],
    ).toBe('near ok');
  });

  it('ends at its limit with every candidate explained', async () => {
    const started = performance.now();
    const order = await ranked(
      [
        { id: 'a', fault: 'hang' },
        { id: 'b', fault: 'slow' },
        { id: 'c', fault: 'refuse' },
      ],
      4000,
    );
    expect(order.toSorted()).toEqual(['a timed-out', 'b too-slow', 'c refused']);
    // The slow one would take minutes, the silent one for ever.
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
