import { describe, expect, it } from 'vitest';
import { settle } from '../../../../src/mirrors/images/settle.ts';
import type { ImageWish } from '../../../../src/mirrors/images/wish.ts';
import { documentedOtherwise, witnessesOf } from '../../../../src/run/plan/image-witnesses.ts';
import { A, B, shortly, statements, wish, type Said } from './said.ts';

/** What is written of the tag: `A last 1`, `B moved 2`: digest, whether the tag has stayed so, and how many sources say it. */
function written(...rows: readonly string[]): Partial<ImageWish> {
  const digests = rows.map((row) => {
    const [which, standing, count] = row.split(' ');
    const sources = Array.from({ length: Number(count) }, (_, at) => ({
      at: `https://github.com/o${String(at)}/r/pull/1`,
    }));
    const last = standing === 'last';
    return {
      digest: which === 'A' ? A : B,
      kind: 'index' as const,
      seen: null,
      last,
      preferred: last,
      sources,
      unnamed: 0,
    };
  });
  return { documented: { reference: 'docker.io/library/golang:1', digests } };
}

describe('a public source beside mirrors', () => {
  it.each<[string, Partial<ImageWish>, readonly Said[], string]>([
    // A public source is a witness.
    ['one, and a public source', written('A last 1'), [['one', 'A']], 'documented A from one'],
    ['one that differs from a public source', written('A last 1'), [['one', 'B']], 'refused unknown'],
    ['a public source, and nobody who has it', written('A last 1'), [['one', null]], 'refused unserved'],
    [
      'one of two, and a public source',
      written('A last 1'),
      [
        ['one', 'B'],
        ['two', 'A'],
      ],
      'documented A from two',
    ],
    [
      'two that differ from a public source',
      written('A last 1'),
      [
        ['one', 'B'],
        ['two', 'B'],
      ],
      'operators B from one',
    ],
    [
      'two against one with a source',
      written('A last 1'),
      [
        ['one', 'B'],
        ['two', 'B'],
        ['three', 'A'],
      ],
      'refused contradicted',
    ],
    ['one that is behind what the tag was last', written('A last 1', 'B moved 1'), [['one', 'B']], 'refused unknown'],
    ['one and a source of a tag that moves', written('B moved 1'), [['one', 'B']], 'documented B from one'],
    [
      'a source that the official one denies',
      written('A last 1'),
      [
        ['one', 'A'],
        ['official', 'B'],
      ],
      'refused contradicted',
    ],
    [
      'the official one, not by choice, and a source',
      written('A last 1'),
      [['official', 'A']],
      'documented A from official',
    ],
  ])('%s', (_, more, said, expected) => {
    expect(shortly(settle(wish(more), statements(said)))).toBe(expected);
  });

  it('is told as a witness, and as a contradiction where the image is another', () => {
    const one = wish(written('A last 1'));
    expect(witnessesOf(one, A)).toEqual(['https://github.com/o0/r/pull/1']);
    expect(witnessesOf(one, B)).toEqual([]);
    expect(documentedOtherwise(one, A)).toEqual([]);
    expect(documentedOtherwise(one, B)).toMatchObject([{ level: 'warning', code: 'image-contradicted' }]);
    expect(documentedOtherwise(wish(), B)).toEqual([]);
  });
});
