import { describe, expect, it } from 'vitest';
import { compareContents } from '../../../src/bundle/check/compare.ts';
import type { BundleObject, Contents } from '../../../src/bundle/format/contents.ts';
import { objectOf, smallBundle } from '../../support/make-bundle.ts';

const { contents } = smallBundle();
const [git, image] = contents.objects as readonly [BundleObject, BundleObject];
const of = (...objects: BundleObject[]): Contents => ({ ...contents, objects });
const newer = { ...image, digest: `sha256:${'1'.repeat(64)}` };
const newest = { ...image, digest: `sha256:${'2'.repeat(64)}` };
const other = objectOf({ name: 'opencontainers/runc', digest: `git:${'c'.repeat(40)}` }, []);

describe('two bundles', () => {
  it.each<readonly [string, Contents, Contents, ReturnType<typeof compareContents>]>([
    ['the same', of(git, image), of(image, git), { added: [], removed: [], changed: [], same: 2 }],
    [
      'other mirrors',
      of(git),
      of({ ...git, mirror: 'another', url: null }),
      { added: [], removed: [], changed: [], same: 1 },
    ],
    ['one more', of(git), of(git, image), { added: [image], removed: [], changed: [], same: 1 }],
    ['one fewer', of(git, image), of(git), { added: [], removed: [image], changed: [], same: 1 }],
    [
      'another digest',
      of(git, image),
      of(git, newer),
      { added: [], removed: [], changed: [{ before: image, after: newer }], same: 1 },
    ],
    [
      'two of a name where one was',
      of(image),
      of(newer, newest),
      { added: [newest], removed: [], changed: [{ before: image, after: newer }], same: 0 },
    ],
    ['nothing in common', of(git), of(other), { added: [other], removed: [git], changed: [], same: 0 }],
  ])('%s', (_, before, after, result) => {
    expect(compareContents(before, after)).toEqual(result);
  });
});
