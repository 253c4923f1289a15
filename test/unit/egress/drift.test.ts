import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../src/egress/drift.ts';
import { point } from '../ui/plan-fixture.ts';

const image = (url: string, more = {}) => point({ kind: 'image', stage: 'base', url, file: 'Dockerfile', ...more });

describe('what changed between two trees', () => {
  it('is nothing where only lines and ids moved', () => {
    const drift = driftOf([point({})], [point({ line: 40, netLines: [41], id: 'rootlesskit/git#2' })]);
    expect(drift).toMatchObject({ added: [], removed: [], changed: [], same: 1 });
  });

  it.each([
    ['a version', image('golang:1.16'), image('golang:1.19'), ['url']],
    ['a stage, with its file', point({}), point({ stage: 'rootlesskit-src', file: 'Dockerfile' }), ['stage', 'file']],
    ['the closure', point({}), point({ inClosure: false }), ['inClosure']],
    ['a moved repository', point({}), point({ url: 'https://github.com/moby/rootlesskit.git' }), ['url']],
    [
      'a suite',
      point({ kind: 'apt-source', suite: 'buster-backports' }),
      point({ kind: 'apt-source', suite: 'bullseye-backports' }),
      ['suite'],
    ],
  ])('tells %s', (_what, before, after, changes) => {
    expect(driftOf([before], [after])).toMatchObject({ added: [], removed: [], changed: [{ before, after, changes }] });
  });

  it('takes no apt call of one stage for that of another', () => {
    const [before, after] = [point({ kind: 'apt', stage: 'tini' }), point({ kind: 'apt', stage: 'build' })];
    expect(driftOf([before], [after])).toMatchObject({ added: [after], removed: [before], changed: [] });
  });

  it('pairs the nearest: an added point moves no other', () => {
    const [a, b, c] = [image('golang:1'), image('debian:10'), image('alpine:3')];
    expect(driftOf([a, b], [c, b, a])).toMatchObject({ added: [c], removed: [], changed: [], same: 2 });
  });
});
