import { describe, expect, it } from 'vitest';
import { ALL_CHECKS, FURTHER_CHECKS, runDoctor } from '../../../src/doctor/further/run-doctor.ts';
import { mountOf } from '../../../src/doctor/further/file-checks.ts';
import { defaultInterface } from '../../../src/doctor/further/engine-state-checks.ts';
import { askedOf, examine } from './asked.ts';
import { MACHINE_ROWS } from './machine-rows.ts';
import { REQUEST_ROWS } from './request-rows.ts';

const root = { isRoot: true, userName: 'root' };
const ROWS = [...REQUEST_ROWS, ...MACHINE_ROWS];

describe('each check of doctor', () => {
  it.each(ROWS)('%s, %j: %s', async (id, otherwise, result, seen, fix) => {
    const [found] = await examine(otherwise, id);
    expect(found).toMatchObject({ id, result });
    expect(found?.seen).toMatch(seen);
    if (fix === null) expect(found?.fix).toBeNull();
    else expect(found?.fix).toMatch(fix);
  });

  it('is ok, or skipped with a reason, on a machine with which nothing is wrong', async () => {
    const results = await examine({ machine: root });
    expect(results.filter(({ result }) => result !== 'ok' && result !== 'skipped')).toEqual([]);
    expect(results.filter(({ result }) => result === 'skipped').map(({ id }) => id)).toEqual([
      'source',
      'builder',
      'frontend',
      'build-cache',
      'buildx-version',
    ]);
  });

  it('has a row in which it finds fault', () => {
    const found = new Set(ROWS.filter(([, , result]) => ['failed', 'warning'].includes(result)).map(([id]) => id));
    expect(FURTHER_CHECKS.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });
});

describe('a run of checks', () => {
  it('has every id once, at least 30, grouped', () => {
    const ids = ALL_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(45);
    expect(new Set(ALL_CHECKS.map(({ group }) => group))).toEqual(
      new Set(['Request', 'Programs', 'Engine', 'Network', 'Files', 'Kernel']),
    );
  });

  it('ends a check that takes too long, and goes on', async () => {
    const [stuck, next] = await runDoctor(askedOf(), [
      {
        ...{ id: 'cores', title: 'c', group: 'Engine', limitMs: 5 },
        skip: () => null,
        run: () => new Promise(() => undefined),
      },
      { ...{ id: 'seccomp', title: 's', group: 'Engine' }, skip: () => null, run: () => ({ result: 'ok', seen: 'y' }) },
    ]);
    expect(stuck).toMatchObject({ result: 'unknown', seen: 'could not look: no answer within 0.005 s' });
    expect(next).toMatchObject({ result: 'ok' });
  });

  it('leaves the engine alone where it does not answer', async () => {
    const results = await examine({ engine: { refused: { kind: 'timeout', message: 'm' } } });
    for (const id of ['storage-driver', 'seccomp', 'bridge-mtu', 'engine-proxy'])
      expect(results.find((each) => each.id === id)).toMatchObject({
        result: 'skipped',
        seen: 'the engine did not answer',
      });
  });
});

describe('what the kernel writes', () => {
  it('the mount that holds a path is the longest, and of two the later', () => {
    const text = '1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /mnt/my\\040disk rw - vfat b rw\n3 1 8:3 / / rw - xfs c rw\n';
    expect(mountOf('/mnt/my disk/x', text)).toMatchObject({ type: 'vfat' });
    expect(mountOf('/mnt/my diskette', text)).toMatchObject({ type: 'xfs' });
    expect(mountOf('/x', '')).toBeNull();
  });

  it('the default route is the one with the least metric', () => {
    const row = (name: string, metric: number) => `${name}\t00000000\t01\t0003\t0\t0\t${String(metric)}\t00000000`;
    expect(defaultInterface(`Iface\n${row('wlan0', 600)}\n${row('eth0', 100)}\n`)).toBe('eth0');
    expect(defaultInterface('Iface\n')).toBeNull();
  });
});
