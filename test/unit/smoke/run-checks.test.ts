import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SmokeCheck } from '../../../src/check-codes.ts';
import type { Check } from '../../../src/smoke/checks/check.ts';
import type { Resource, SmokeContext } from '../../../src/smoke/checks/context.ts';
import { ConnectionError } from '../../../src/smoke/daemon/api.ts';
import { CheckFailure, StartFailure } from '../../../src/smoke/daemon/failure.ts';
import { runChecks, type SmokeEvent } from '../../../src/smoke/run-checks.ts';

interface Fake {
  readonly provide?: (resource: Resource) => Promise<void>;
  readonly health?: () => Promise<string | null>;
  readonly programs?: readonly string[];
  readonly foreign?: boolean;
  readonly probe?: null;
}

/** Only what the runner asks of it. */
function fake({ provide, health, programs = ['containerd', 'runc'], foreign = false, probe }: Fake = {}): SmokeContext {
  return {
    facts: { arch: 'arm64', foreign, patience: 1, logDir: '/logs', probe: probe === null ? null : new Uint8Array() },
    programs: new Map(programs.map((name) => [name, { from: 'folder', path: name }])),
    provide: provide ?? (() => Promise.resolve()),
    health: health ?? (() => Promise.resolve(null)),
  } as unknown as SmokeContext;
}

const check = (id: string, more: Partial<Check> = {}): Check => ({
  id: id as SmokeCheck,
  title: id,
  needs: [],
  timeoutSeconds: 5,
  run: () => Promise.resolve('fine'),
  ...more,
});

async function outcome(
  context: SmokeContext,
  checks: readonly Check[],
  skip: readonly string[] = [],
): Promise<string[]> {
  const results = await runChecks(context, {
    checks,
    leftOut: new Map(skip.map((id) => [id, 'left out'])),
    between: () => undefined,
  });
  return results.map(({ id, result, seen }) => `${id} ${result}: ${seen}`);
}

describe('running checks', () => {
  test('each ends as it says', async () => {
    const checks = [
      check('good'),
      check('warned', { run: () => Promise.resolve({ result: 'warning', seen: 'odd', fix: 'mend' }) }),
      check('bad', { run: () => Promise.reject(new CheckFailure('a', 'b', 'do this')) }),
      check('worse', { run: () => Promise.reject(new TypeError('of ours\nat line')) }),
      check('out'),
    ];
    const results = await runChecks(fake(), {
      checks,
      leftOut: new Map([['out', 'left out']]),
      between: () => undefined,
    });
    expect(results.map(({ id, result, seen, fix }) => [id, result, seen, fix])).toEqual([
      ['good', 'ok', 'fine', null],
      ['warned', 'warning', 'odd', 'mend'],
      ['bad', 'failed', 'expected a; seen b', 'do this'],
      ['worse', 'failed', 'of ours', "The daemon's log is in /logs"],
      ['out', 'skipped', 'left out', null],
    ]);
  });

  test('a check that hangs fails at its limit, and the next one runs', async () => {
    const checks = [
      check('hangs', { timeoutSeconds: 0.05, run: () => sleep(60_000, 'late', { ref: false }) }),
      check('next'),
    ];
    expect(await outcome(fake(), checks)).toEqual([
      'hangs failed: expected an end within 0.05 s; seen none',
      'next ok: fine',
    ]);
  });

  test('a daemon that does not come up fails the check that it blames, and nobody else', async () => {
    const context = fake({ provide: () => Promise.reject(new StartFailure('no containerd', 'containerd')) });
    const checks = [
      check('before'),
      check('api', { needs: ['main'] }),
      check('containerd', { needs: ['main'] }),
      check('after', { needs: ['main', 'image'] }),
    ];
    expect(await outcome(context, checks)).toEqual([
      'before ok: fine',
      'api skipped: the daemon is not there: see containerd',
      'containerd failed: no containerd',
      'after skipped: the daemon is not there: see containerd',
    ]);
    // Somebody must fail, whoever is left.
    expect(await outcome(context, checks.slice(1, 2))).toEqual(['api failed: no containerd']);
    expect(await outcome(context, checks, ['containerd'])).toContain('api failed: no containerd');
  });

  test('a daemon that is gone after a failure is not asked again', async () => {
    const context = fake({ health: () => Promise.resolve('dockerd left by SIGKILL') });
    const checks = [
      check('crashes', { needs: ['main'], run: () => Promise.reject(new Error('socket hang up')) }),
      check('later', { needs: ['main'] }),
      check('other', { needs: ['second'] }),
    ];
    expect(await outcome(context, checks)).toEqual([
      'crashes failed: socket hang up',
      'later skipped: the daemon is not there: see crashes',
      'other ok: fine',
    ]);
  });

  test('a connection that breaks says with which call, and that the daemon is gone', async () => {
    const broken = new ConnectionError('GET /containers/json: socket hang up');
    const run = (): Promise<never> => Promise.reject(broken);
    const left = fake({ health: () => Promise.resolve('dockerd left with exit code 1: pid file found') });
    expect(await outcome(left, [check('kept', { needs: ['main'], run })])).toEqual([
      'kept failed: GET /containers/json: socket hang up; dockerd left with exit code 1: pid file found',
    ]);
    const alive = fake({ health: () => Promise.resolve(null) });
    expect(await outcome(alive, [check('kept', { needs: ['main'], run })])).toEqual([
      'kept failed: GET /containers/json: socket hang up',
    ]);
  });

  test.each([
    [fake({ programs: ['containerd'] }), 'skipped: no runc in the folder or on PATH'],
    [fake({ programs: [] }), 'skipped: no containerd in the folder or on PATH'],
    [fake({ foreign: true }), 'skipped: images and containers do not work under qemu-user (arm64 here)'],
    [fake({ probe: null }), 'skipped: no image can be made for arm64'],
    [fake(), 'ok: fine'],
  ])('what a container needs (%#)', async (context, seen) => {
    expect(await outcome(context, [check('c', { needs: ['main'], programs: ['runc'], container: true })])).toEqual([
      `c ${seen}`,
    ]);
  });

  test('ids are shortened in what is seen', async () => {
    const id = 'a1b2c3d4e5f6'.padEnd(64, '0');
    const failing = check('c', { run: () => Promise.reject(new Error(`POST /containers/${id}/start: 500`)) });
    expect(await outcome(fake(), [failing])).toEqual(['c failed: POST /containers/a1b2c3d4e5f6/start: 500']);
  });

  test('events come in pairs, in order; a stop ends the run', async () => {
    const events: SmokeEvent[] = [];
    let left = 2;
    const running = runChecks(fake(), {
      checks: [check('a'), check('b'), check('c')],
      leftOut: new Map(),
      onEvent: (event) => events.push(event),
      between: () => {
        left -= 1;
        if (left < 0) throw new Error('interrupted');
      },
    });
    await expect(running).rejects.toThrow('interrupted');
    expect(
      events.map((event) =>
        event.kind === 'started' ? `> ${event.id} ${String(event.index)}/${String(event.count)}` : event.result.id,
      ),
    ).toEqual(['> a 0/3', 'a', '> b 1/3', 'b']);
  });
});
