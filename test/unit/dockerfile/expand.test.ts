import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../src/dockerfile/text/expand.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';

const VALUES: Readonly<Record<string, string>> = {
  A: 'one',
  EMPTY: '',
  VERSION: 'v1.2.3',
  PATH_LIKE: '/a/b/c.tar.gz',
  PLATFORM: 'linux/arm64',
  Q: 'a"b',
};
const lookup = (name: string): string | undefined => VALUES[name];

/** Word, and what BuildKit's lexer makes of it (frontend/dockerfile/shell/lex.go and its envVarTest). */
const CASES: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['$A', 'one'],
  ['${A}', 'one'],
  ['$A$A', 'oneone'],
  ['${A}two', 'onetwo'],
  ['$Atwo', ''],
  ['x$', 'x$'],
  ['$%', '$%'],
  ['$UNSET', ''],
  ['${UNSET:-d}', 'd'],
  ['${EMPTY:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${UNSET-d}', 'd'],
  ['${A:-d}', 'one'],
  ['${A:+set}', 'set'],
  ['${EMPTY:+set}', ''],
  ['${EMPTY+set}', 'set'],
  ['${UNSET+set}', ''],
  ['${A:?gone}', 'one'],
  ['${UNSET:-${A}-x}', 'one-x'],
  ['${UNSET:-"a b"}', 'a b'],
  ["${UNSET:-'$A'}", '$A'],
  ['${VERSION#v}', '1.2.3'],
  ['${VERSION#x}', 'v1.2.3'],
  ['${VERSION%.*}', 'v1.2'],
  ['${VERSION%%.*}', 'v1'],
  ['${PATH_LIKE##*/}', 'c.tar.gz'],
  ['${PATH_LIKE#*/}', 'a/b/c.tar.gz'],
  ['${PLATFORM#linux/arm64}', ''],
  ['${PLATFORM/linux/x}', 'x/arm64'],
  ['${PATH_LIKE//a/_}', '/_/b/c.t_r.gz'],
  ['"$A"', 'one'],
  ["'$A'", '$A'],
  ['"a\\"b"', 'a"b'],
  ['"a\\b"', 'a\\b'],
  ['a\\$A', 'a$A'],
  ['\\a', 'a'],
  ['a\\', 'a'],
  ['golang:${VERSION#v}-"$A"', 'golang:1.2.3-one'],
  ['$Q', 'a"b'],
];

describe('expand', () => {
  it.each(CASES)('%s', (word, value) => {
    expect(expand(word, lookup)).toBe(value);
  });

  it('takes another escape character', () => {
    expect(expand('C:\\$A`$A', lookup, '`')).toBe('C:\\one$A');
  });

  it.each(['"a', "'a", '${A', '${A:-', '${A:x}', '${}', '${A!b}', '${UNSET:?}', '${UNSET?gone}'])(
    'refuses %s',
    (word) => {
      expect(() => expand(word, lookup)).toThrow(MobyBuildError);
    },
  );

  it('says why a required variable is missing', () => {
    expect(() => expand('${UNSET:?give one}', lookup)).toThrow(/UNSET: give one/);
  });

  it('gives text without $, quotes and escapes back as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^$"'\\]*$/), (text) => {
        expect(expand(text, lookup)).toBe(text);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('ends on any word, with a value or with exit 4', () => {
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      ':',
      '-',
      '+',
      '#',
      '%',
      '/',
      '"',
      "'",
      '\\',
      'A',
      'UNSET',
      '*',
      '?',
      ' ',
      'x',
    );
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          expect(typeof expand(pieces.join(''), lookup)).toBe('string');
          seen.taken += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(MobyBuildError);
          expect((error as MobyBuildError).exitCode).toBe(4);
          seen.refused += 1;
        }
      }),
      { seed: 2, numRuns: 2000 },
    );
    expect(Math.min(seen.taken, seen.refused), JSON.stringify(seen)).toBeGreaterThan(100);
  });

  it('is not slowed down by patterns made to be slow', () => {
    expect(
      cpuMilliseconds(() => {
        expand(`\${LONG%%${'*a'.repeat(30)}b}`, () => 'a'.repeat(400));
      }),
    ).toBeLessThan(5000);
  });
});
