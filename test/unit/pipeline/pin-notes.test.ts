import { describe, expect, it } from 'vitest';
import { pinNotes } from '../../../src/pipeline/pin-notes.ts';
import type { MetPoint, Tree } from '../../../src/types.ts';

const FILE = 'hack/dockerfile/install/runc.installer';

function tree(pin: string): Tree {
  return new Map([[FILE, { text: `: "\${RUNC_VERSION:=${pin}}"\n`, mode: '100755' }]]);
}

function point(via: MetPoint['via'], inClosure = true): MetPoint {
  return {
    ...{
      id: 'runc/git',
      file: FILE,
      line: 2,
      netLines: [2],
      stage: 'runc',
      kind: 'git',
      url: 'https://github.com/o/runc.git',
    },
    ...{ host: 'github.com', inClosure, anchor: null, via, mirror: via === 'mirror' ? 'ghfast.top' : null, reason: '' },
  };
}

describe('pinNotes', () => {
  it.each<[string, string, MetPoint, Record<string, string>, boolean]>([
    ['a tag through a mirror', 'v1.1.4', point('mirror'), {}, true],
    ['a commit id through a mirror', 'a'.repeat(40), point('mirror'), {}, false],
    ['a tag from the official host', 'v1.1.4', point('upstream'), {}, false],
    ['a tag that the target does not need', 'v1.1.4', point('mirror', false), {}, false],
    ['a tag that the user pins', 'v1.1.4', point('mirror'), { RUNC_VERSION: 'b'.repeat(40) }, false],
    ['a commit that the user replaces by a tag', 'a'.repeat(40), point('mirror'), { RUNC_VERSION: 'v1.1.5' }, true],
  ])('%s', (_name, pin, met, buildArgs, warned) => {
    const notes = pinNotes(tree(pin), [met], buildArgs);
    expect(notes.map(({ code }) => code)).toEqual(warned ? ['pinned-by-tag'] : []);
    if (warned) expect(notes[0]?.hint).toContain('RUNC_VERSION=COMMIT');
  });
});
