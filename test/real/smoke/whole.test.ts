import { describe, expect, test } from 'vitest';
import { listChecks, smoke, type SmokeReport } from '../../../src/smoke/smoke.ts';
import { debianDockerd, skipWithoutDebianDockerd } from '../../support/debian-dockerd.mjs';
import type { HostSnapshot } from '../../support/host-snapshot.mjs';
import { runAlone } from './alone.ts';

const WHOLE_MS = 240_000;

describe.skipIf(skipWithoutDebianDockerd())('smoke on Debian’s own dockerd', () => {
  test('every check is green, and the host is as it was', { timeout: WHOLE_MS }, async () => {
    const { before, after, report } = await runAlone<Whole>('run-whole.mjs', [debianDockerd()]);
    expect(report.checks.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(after).toEqual(before);

    expect(report.checks.map(({ id }) => id)).toEqual(listChecks().map(({ id }) => id));
    expect(report.totals).toEqual({ ok: report.checks.length, warning: 0, failed: 0, skipped: 0 });
    expect(report.log).toBeNull();
    for (const check of report.checks) {
      expect(check.seen).not.toMatch(/\n/);
      expect(check.seconds).toBeGreaterThanOrEqual(0);
      expect(check.fix).toBeNull();
    }
  });

  test('--only runs those and what they stand on; --skip says so', { timeout: WHOLE_MS }, async () => {
    const seen: string[] = [];
    const report = await smoke({
      dir: debianDockerd(),
      only: ['container', 'version', 'help'],
      skip: ['help'],
      onEvent: (event) =>
        seen.push(event.kind === 'started' ? `> ${event.id}` : `${event.result.id} ${event.result.result}`),
    });
    expect(report.checks.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'help skipped',
      'version ok',
      'container ok',
    ]);
    expect(seen).toEqual(['> help', 'help skipped', '> version', 'version ok', '> container', 'container ok']);
  });
});

/** What run-whole.mjs writes. */
interface Whole {
  readonly before: HostSnapshot;
  readonly after: HostSnapshot;
  readonly report: SmokeReport;
}
