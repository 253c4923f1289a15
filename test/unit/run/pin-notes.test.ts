import { isMounted } from '../../../src/run/offline/mount-folders.ts';
import { describe, expect, it } from 'vitest';
import type { ComponentPin } from '../../../src/components/effective-pins.ts';
import type { HostSource } from '../../../src/handover/host-sources.ts';
import { componentNotes, leftToBuildNotes, ofThisMachineNotes, pinNotes } from '../../../src/run/plan/pin-notes.ts';
import type { Resolution } from '../../../src/mirrors/resolve/resolutions.ts';
import type { MetPoint } from '../../../src/types.ts';

const FILE = 'hack/dockerfile/install/runc.installer';
const COMMIT = 'a'.repeat(40);

function pin(version: string, changes: Partial<ComponentPin> = {}): ComponentPin {
  return {
    ...{ component: 'runc', variable: 'RUNC_VERSION', pin: version, treePin: version, note: null, from: 'tree' },
    ...{ asked: false, file: FILE, line: 3, stages: ['runc'], ...changes },
  };
}

function point(changes: Partial<MetPoint> = {}): MetPoint {
  return {
    ...{ id: 'runc/git', file: FILE, line: 2, netLines: [2], stage: 'runc', kind: 'git', host: 'github.com' },
    ...{ url: 'https://github.com/o/runc.git', inClosure: true, anchor: null, via: 'mirror', mirror: 'ghfast.top' },
    ...{ reason: '', ...changes },
  };
}

describe('pinNotes', () => {
  it.each<[string, ComponentPin, MetPoint, boolean]>([
    ['a tag through a mirror', pin('v1.1.4'), point(), true],
    ['a short commit id through a mirror', pin('abc1234'), point(), true],
    ['a commit id through a mirror', pin(COMMIT), point(), false],
    ['a tag from the official host', pin('v1.1.4'), point({ via: 'upstream', mirror: null }), false],
    ['a tag that the target does not need', pin('v1.1.4'), point({ inClosure: false }), false],
    ['a tag that goes through the module proxy', pin('v1.1.4'), point({ kind: 'gomod' }), false],
    [
      'a tag in an ARG',
      pin('v1.1.4', { file: 'Dockerfile', stages: ['runc-src'] }),
      point({ file: 'Dockerfile', stage: 'runc-src' }),
      true,
    ],
    [
      'a tag in an ARG of another stage',
      pin('v1.1.4', { file: 'Dockerfile', stages: ['runc-src'] }),
      point({ file: 'Dockerfile', stage: 'gowinres' }),
      false,
    ],
    ['a tag in an installer without an ARG', pin('v1.1.4', { stages: [] }), point({ stage: 'other' }), true],
  ])('%s', (_name, pinned, met, warned) => {
    const notes = pinNotes([pinned], [met]);
    expect(notes.map(({ code }) => code)).toEqual(warned ? ['pinned-by-tag'] : []);
    if (warned) expect(notes[0]?.hint).toContain('--component runc=COMMIT');
  });
});

describe('what this machine fetches', () => {
  const source = (commit: string | null): HostSource => ({
    ...{ component: 'runc', upstream: 'https://github.com/o/runc.git', points: ['runc/git'], path: 'sources/runc.git' },
    wish: { title: 'runc v1.1.4', commit, tag: 'v1.1.4', described: true },
  });

  it('is warned of where no table says which commit the tag is', () => {
    const met = [point({ via: 'host', mirror: null })];
    expect(pinNotes([pin('v1.1.4')], met, [source(COMMIT)])).toEqual([]);
    const [note] = pinNotes([pin('v1.1.4')], met, [source(null)]);
    expect(note?.message).toContain('runc v1.1.4');
    expect(note?.hint).toContain('--component runc=COMMIT');
  });

  it('is told from what is left to the build', () => {
    expect(leftToBuildNotes([point({ via: 'host' }), point({ kind: 'gomod' }), point({ inClosure: false })])).toEqual(
      [],
    );
    const [note] = leftToBuildNotes([point()]);
    expect(note).toMatchObject({ code: 'sources-left', message: expect.stringContaining(`${FILE}:2`) as string });
  });
});

describe('componentNotes', () => {
  it('says what comes in place of what, and how', () => {
    const range = { start: 0, end: 40, file: FILE, line: 3, treePin: COMMIT };
    const [note, ...others] = componentNotes([
      {
        component: 'runc',
        version: 'v1.1.12',
        by: 'build-arg',
        variable: 'RUNC_COMMIT',
        note: 'v1.0.2',
        stages: ['runc'],
        ...range,
      },
      { component: 'tini', version: 'v0.18.0', by: 'edit', variable: 'TINI_COMMIT', note: null, stages: [], ...range },
    ]);
    expect(others).toEqual([]);
    expect(note?.message.split('\n').slice(1)).toEqual([
      `  runc v1.1.12 in place of ${COMMIT} (v1.0.2), by build argument RUNC_COMMIT`,
      `  tini v0.18.0 in place of ${COMMIT}, by an edit of ${FILE}:3`,
    ]);
    expect(componentNotes([])).toEqual([]);
  });
});

describe('mirrors that only this machine can read', () => {
  const resolution = (via: Resolution['via'], to: string | null): Resolution => ({
    pointId: 'x',
    via,
    mirror: 'flag',
    to,
    reason: '',
  });

  it.each([
    [[resolution('mirror', 'file:///srv/runc.git')], null, /sent to file:\/\/\/srv\/runc\.git, and/u],
    [[resolution('mirror', 'ssh://g.example/a.git'), resolution('mirror', 'file:///b')], null, /and 1 more/u],
    [[], 'https://a.example,file:///srv/go', /file:\/\/\/srv\/go/u],
  ])('%j, GOPROXY %s: a warning', (points, goproxy, told) => {
    const notes = ofThisMachineNotes({ points, goproxy }, () => false);
    expect(notes).toMatchObject([
      { level: 'warning', code: 'local-mirror', message: expect.stringMatching(told) as string },
    ]);
  });

  it('says nothing of what this machine fetched beforehand', () => {
    const points = [resolution('host', null), resolution('mirror', 'https://g.example/a.git')];
    expect(ofThisMachineNotes({ points, goproxy: 'https://a.example' }, () => false)).toEqual([]);
    const mounted = { points: [], goproxy: 'file:///tmp/sources/go,https://a.example' };
    expect(ofThisMachineNotes(mounted, isMounted)).toEqual([]);
  });
});
