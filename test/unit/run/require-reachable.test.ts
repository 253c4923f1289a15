import { describe, expect, it } from 'vitest';
import type { Resolution } from '../../../src/mirrors/resolve/resolutions.ts';
import { requireReachable } from '../../../src/run/prepare/require-reachable.ts';
import { failureOf } from '../../support/failure.ts';

type Planned = Parameters<typeof requireReachable>[0];

/** @param inClosure of all points */
function planned(
  to: readonly string[],
  goproxy: string | null,
  via: Resolution['via'] = 'mirror',
  inClosure = true,
): Planned {
  const points = to.map((each, index) => ({ pointId: String(index), via, mirror: 'flag', to: each, reason: '' }));
  const scan = { points: to.map((_, index) => ({ id: String(index), inClosure })) };
  return { scan, resolutions: { points, goproxy }, inPlace: false } as unknown as Planned;
}

describe('a step that is sent to what only this machine has', () => {
  it.each<[string, Planned, RegExp, string]>([
    ['a clone', planned(['file:///srv/git/runc.git'], null), /--sources host/u, '--sources'],
    ['a clone by ssh', planned(['ssh://git@git.example/o/r'], null), /--sources host/u, '--sources'],
    [
      'a tree of the user, into which folders would go',
      { ...planned([], null), inPlace: true },
      /a copy of/u,
      '--in-place',
    ],
  ])('%s: exit 2 before the build, with the way that works', (_, from, hint, flag) => {
    const error = failureOf(() => {
      requireReachable(from);
    });
    expect([error.code, error.exitCode]).toEqual(['mirror-of-this-machine', 2]);
    expect(error.hint).toMatch(hint);
    expect(JSON.stringify(error.command)).toContain(flag);
  });

  it.each<[string, Planned]>([
    ['fetched beforehand', planned(['file:///srv/git/runc.git'], null, 'host')],
    ['outside the closure', planned(['file:///srv/git/runc.git'], null, 'mirror', false)],
    [
      'a folder before a proxy',
      planned(['file:///srv/go,https://proxy.example'], 'file:///srv/go|https://proxy.example'),
    ],
    ['a folder that the steps see in the tree', planned(['file:///tmp/sources/go'], 'file:///tmp/sources/go')],
    ['mirrors on the network', planned(['https://git.example/a.git'], 'https://proxy.example,direct')],
  ])('%s: nothing is said', (_, from) => {
    expect(() => {
      requireReachable(from);
    }).not.toThrow();
  });
});
