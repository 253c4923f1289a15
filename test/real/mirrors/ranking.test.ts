import { afterAll, describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueEntry } from '../../../src/mirrors/catalogue.ts';
import type { Candidate } from '../../../src/mirrors/candidates.ts';
import { makeAsker } from '../../../src/mirrors/probe/asker.ts';
import type { Need } from '../../../src/mirrors/probe/need.ts';
import { runProbe } from '../../../src/mirrors/probe/run-probe.ts';
import { parseTemplate } from '../../../src/mirrors/template.ts';
import { hostNames } from '../../../src/system/host-names.ts';
import { trustOf } from '../../../src/system/http-trust.ts';
import { startFaulty, type Fault } from './faulty-mirror.ts';
import { debian, NOW } from './healthy-mirror.ts';

interface Simulated {
  readonly id: string;
  readonly fault?: Fault;
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}

const NEED: Need = {
  kind: 'apt',
  key: 'bookworm',
  points: [],
  wanted: { is: 'suites', suites: [{ root: 'debian', suite: 'bookworm', archived: false }], arch: 'arm64' },
};
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

async function ranked(mirrors: readonly Simulated[], limitMs = 5000): Promise<readonly string[]> {
  const entries = await Promise.all(
    mirrors.map(async ({ id, fault = 'none', ...line }): Promise<CatalogueEntry> => {
      const { url, close } = await startFaulty({ fault, healthy: debian(), ...line });
      closing.push(close);
      const common = { kinds: ['apt' as const], operator: '-', region: 'global' as const, status: 'alive' as const };
      return { id, template: url, official: id === 'official', seen: null, sources: ['here'], ...common };
    }),
  );
  const catalogue: Catalogue = { compiled: '2026-11-25', mirrors: entries };
  const candidates = entries.map((entry): Candidate =>
    entry.official === true
      ? { id: null, via: 'upstream', template: null, entry: null, byFlag: false }
      : { id: entry.id, via: 'mirror', template: parseTemplate('apt', entry.template), entry, byFlag: false },
  );
  const reach = { env: {}, trust: await trustOf({}, null), names: hostNames() };
  const asker = makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, gitCertificates: null });
  const [probed] = await runProbe({
    needs: [NEED],
    candidatesOf: () => candidates,
    catalogue,
    officials: { apt: null, gomod: null, checksumDatabase: null },
    asker,
    probeRepository: () => Promise.reject(new Error('no git here')),
    now: NOW,
  });
  return (probed?.ranked ?? []).map(({ id, finding }) => `${id} ${finding.outcome}`);
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

  it('ends within its limit with every candidate explained', async () => {
    const started = performance.now();
    const order = await ranked(
      [
        { id: 'a', fault: 'hang' },
        { id: 'b', fault: 'slow' },
        { id: 'c', fault: 'refuse' },
      ],
      800,
    );
    expect(order.toSorted()).toEqual(['a timed-out', 'b too-slow', 'c refused']);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
