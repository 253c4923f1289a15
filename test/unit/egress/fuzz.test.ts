import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { readLightTree, scanned, treeOf } from './tree.ts';
import type { Tree } from '../../../src/types.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';

/** A scan, or exit 4 with a place; never another error. */
function check(tree: Tree, target = 'base'): void {
  try {
    scanned(tree, { target });
  } catch (error) {
    expect(error).toBeInstanceOf(MobyBuildError);
    expect((error as MobyBuildError).exitCode).toBe(4);
    expect((error as MobyBuildError).where).toMatch(/^[\w./-]+(?::\d+)?$/);
  }
}

const light = readLightTree();
const paths = [...light.keys()];

describe('scan on anything', () => {
  it('a script of random characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        check(treeOf({ Dockerfile: 'FROM i AS base\nCOPY x /\nRUN sh /x\n', x: text }));
      }),
      { seed: 41, numRuns: 500 },
    );
  });

  it('a RUN of shell pieces', () => {
    const pieces =
      'git clone |curl |https://h.example/|$x|$(|)|"|\'|`|; | && | \\\n|\n|<<E|E|# |if |then |fi|${x:-|}|cd |. |"$@"|for f in |do |done|f() {|}'.split(
        '|',
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (chosen) => {
        check(treeOf({ Dockerfile: `FROM i AS base\nRUN ${chosen.join('')}\n` }));
      }),
      { seed: 42, numRuns: 1500 },
    );
  });

  it('the light tree with a piece cut out or put in anywhere', () => {
    const junk = fc.constantFrom(
      '"',
      "'",
      '\\',
      '\n',
      '`',
      '$(',
      '}',
      '<<X\n',
      '#',
      '\0',
      '\u2028',
      'FROM ',
      '&&',
      ';;',
      '\r\n',
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.nat(200), junk, (path, at, length, put) => {
        const file = light.get(path)!;
        const start = at % (file.text.length + 1);
        check(
          new Map([
            ...light,
            [path, { ...file, text: file.text.slice(0, start) + put + file.text.slice(start + length) }],
          ]),
          'binary',
        );
      }),
      { seed: 43, numRuns: 120 },
    );
  }, 60_000);

  it.each([
    ['functions that call each other twice each', Array.from({ length: 30 }, (_, n) => `f${String(n)}() { f${String(n + 1)}; f${String(n + 1)}; }\n`).join('') + 'f30() { curl https://h.example/; }\nf0\n'],
    ['branches in branches', `${'if x; then '.repeat(200)}:${'; else y; fi'.repeat(200)}\n`],
    ['many branches, each with its own value', Array.from({ length: 2000 }, (_, n) => `if x; then v=${String(n)}; fi\n`).join('')],
    ['a variable that doubles', `v=a\n${'v=$v$v\n'.repeat(60)}curl https://h.example/$v\n`],
    ['many URLs', Array.from({ length: 3000 }, (_, n) => `curl https://h.example/${String(n)}\n`).join('')],
    ['a script that runs itself twice', '#!/bin/sh\n/x\n/x\n. /x\n'],
    ['patterns made to be slow', `v=${'a'.repeat(2000)}\necho \${v##${'*a'.repeat(50)}b}\n`],
  ])('ends soon: %s', (_title, text) => {
    expect(
      cpuMilliseconds(() => {
        check(treeOf({ Dockerfile: 'FROM i AS base\nCOPY x /\nRUN sh /x\n', x: text }));
      }),
    ).toBeLessThan(8_000);
  }, 120_000); // prettier-ignore
});
