import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle } from '../../../../src/mirrors/images/settle.ts';
import type { ImageWish, Statement } from '../../../../src/mirrors/images/wish.ts';
import { A, B, place, shortly, statements, wish, type Said } from './said.ts';

const known = (by: 'user' | 'lock' | 'table', digest = A): Partial<ImageWish> => ({ known: { digest, by } });

describe('what an image is', () => {
  it.each<[string, Partial<ImageWish>, readonly Said[], string]>([
    // Known: who says so, whoever says otherwise.
    ['known, and one has it', known('table'), [['one', 'A']], 'table A from one'],
    [
      'known, and the first has another',
      known('lock'),
      [
        ['one', 'B'],
        ['two', 'A'],
      ],
      'lock A from two',
    ],
    [
      'known, and nobody has it',
      known('user'),
      [
        ['one', 'B'],
        ['two', null],
      ],
      'refused unserved',
    ],
    [
      'known, and two agree on another',
      known('table'),
      [
        ['one', 'B'],
        ['two', 'B'],
      ],
      'refused unserved',
    ],
    [
      'known beats trust',
      { ...known('lock'), trusted: true },
      [
        ['one', 'B'],
        ['two', 'A'],
      ],
      'lock A from two',
    ],
    // Two independent operators.
    [
      'two agree',
      {},
      [
        ['one', 'A'],
        ['two', 'A'],
      ],
      'operators A from one',
    ],
    [
      'two agree, and one differs',
      {},
      [
        ['one', 'B'],
        ['two', 'A'],
        ['three', 'A'],
      ],
      'operators A from two',
    ],
    [
      'two mirrors of one operator',
      {},
      [
        ['one/Acme', 'A'],
        ['two/Acme', 'A'],
      ],
      'refused unknown',
    ],
    [
      'one alone',
      {},
      [
        ['one', 'A'],
        ['two', null],
      ],
      'refused unknown',
    ],
    [
      'one against one',
      {},
      [
        ['one', 'A'],
        ['two', 'B'],
      ],
      'refused unknown',
    ],
    [
      'two against two',
      {},
      [
        ['one', 'A'],
        ['two', 'A'],
        ['three', 'B'],
        ['four', 'B'],
      ],
      'refused contradicted',
    ],
    [
      'nobody',
      {},
      [
        ['one', null],
        ['two', null],
      ],
      'refused unserved',
    ],
    // The official registry is an operator, and an authority where the user chose it.
    [
      'a mirror and the official registry',
      {},
      [
        ['one', 'A'],
        ['official', 'A'],
      ],
      'operators A from one',
    ],
    ['the official registry alone', {}, [['official', 'A']], 'refused unknown'],
    [
      'two that the official one denies',
      {},
      [
        ['one', 'A'],
        ['two', 'A'],
        ['official', 'B'],
      ],
      'refused contradicted',
    ],
    ['the official registry by choice', {}, [['official!', 'A']], 'official A from official!'],
    [
      'its choice against two mirrors',
      {},
      [
        ['one', 'B'],
        ['two', 'B'],
        ['official!', 'A'],
      ],
      'official A from official!',
    ],
    [
      'its choice, and it does not answer',
      {},
      [
        ['official!', null],
        ['one', 'A'],
        ['two', 'A'],
      ],
      'operators A from one',
    ],
    // Trust.
    ['trusted, one alone', { trusted: true }, [['one', 'A']], 'trusted A from one'],
    [
      'trusted, against all others',
      { trusted: true },
      [
        ['one', 'A'],
        ['two', 'B'],
        ['three', 'B'],
      ],
      'trusted A from one',
    ],
    [
      'trusted, the first has none',
      { trusted: true },
      [
        ['one', null],
        ['two', 'B'],
      ],
      'trusted B from two',
    ],
    ['trusted, nobody', { trusted: true }, [['one', null]], 'refused unserved'],
    // Platforms.
    [
      'the first lacks the platform',
      {},
      [
        ['one', 'A-'],
        ['two', 'A'],
      ],
      'operators A from two',
    ],
    [
      'all lack the platform',
      {},
      [
        ['one', 'A-'],
        ['two', 'A-'],
      ],
      'refused platform',
    ],
    [
      'trusted, lacking the platform',
      { trusted: true },
      [
        ['one', 'A-'],
        ['two', 'B'],
      ],
      'trusted B from two',
    ],
  ])('%s', (_, more, said, expected) => {
    const verdict = settle(wish(more), statements(said));
    expect(shortly(verdict)).toBe(expected);
  });

  it('tells of who was passed over, and of who contradicts', () => {
    const verdict = settle(
      wish(known('table')),
      statements([
        ['one', null],
        ['two', 'A'],
        ['three', 'B'],
        ['four', null],
      ]),
    );
    expect(verdict.is === 'settled' && verdict.skipped.map((each) => each.place.name)).toEqual(['one', 'three']);
  });

  it('is never what one operator alone says, whatever the mirrors say, unless it is known or trusted', () => {
    const one = fc.record({
      operator: fc.constantFrom('a', 'b', 'c', 'official'),
      digest: fc.constantFrom(A, B, `sha256:${'c'.repeat(64)}`, null),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 7 }), (said) => {
        const all = said.map(({ operator, digest }, index): Statement => ({
          place: { ...place(`m${String(index)}/${operator}`), operator: { key: operator, name: operator } },
          ...{ digest, reason: '', lacking: {} },
        }));
        const verdict = settle(wish(), all);
        if (verdict.is === 'refused') return true;
        const voices = new Set(
          all.filter(({ digest }) => digest === verdict.digest).map((each) => each.place.operator.key),
        );
        const official = all.find(({ place: { operator }, digest }) => operator.key === 'official' && digest !== null);
        return voices.size >= 2 && (official === undefined || official.digest === verdict.digest);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
