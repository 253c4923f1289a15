import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { splice, type Edit } from '../../../src/patching/rules/splice.ts';

function edit(start: number, end: number, text: string, order = 0): Edit {
  return { file: 'f', start, end, text, rule: `rule-${String(order)}`, order };
}

describe('splice', () => {
  it.each<[string, Edit[], string]>([
    ['abc', [], 'abc'],
    ['abc', [edit(1, 2, 'X')], 'aXc'],
    ['abc', [edit(3, 3, 'd'), edit(0, 0, '_')], '_abcd'],
    ['abc', [edit(1, 1, '2', 2), edit(1, 1, '1', 1)], 'a12bc'],
    ['abc', [edit(1, 2, 'B', 1), edit(1, 1, '>', 2)], 'a>Bc'],
    ['a😀c', [edit(1, 3, 'b')], 'abc'],
  ])('%j with %j is %j', (text, edits, result) => {
    expect(splice(text, edits)).toBe(result);
  });

  it('refuses two edits of the same text, and names both rules', () => {
    expect(() => splice('a\nbcd', [edit(2, 4, 'x', 1), edit(3, 5, 'y', 2)])).toThrow(MobyBuildError);
    expect(() => splice('a\nbcd', [edit(2, 4, 'x', 1), edit(3, 5, 'y', 2)])).toThrow(/rule-1 and rule-2/);
  });

  it('is what replacing from the end backwards is', () => {
    const cuts = fc.uniqueArray(fc.nat(30), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ minLength: 31, maxLength: 31 }), cuts, (text, places) => {
        const sorted = places.toSorted((a, b) => a - b);
        const edits = sorted
          .slice(1)
          .flatMap((end, index) =>
            index % 2 === 0 ? [edit(sorted[index] ?? 0, end, `<${String(index)}>`, index)] : [],
          );
        const expected = edits
          .toReversed()
          .reduce((result, { start, end, text: put }) => result.slice(0, start) + put + result.slice(end), text);
        expect(splice(text, edits.toReversed())).toBe(expected);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
