import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteWord } from '../../../src/system/command-line.ts';
import { gitConfigText } from '../../../src/system/git/git-config.ts';

const nasty = [
  '',
  'plain',
  "it's",
  '$HOME `id` "x" \\',
  'line\nfeed',
  '*',
  '~',
  'ü 漢',
  "''",
  '; not a comment # either',
  ' spaces ',
  'tab\there',
];
const anyText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !text.includes('\r')),
);

describe('what we write for other programs', () => {
  it('a quoted word is read back by bash as the same word', () => {
    // One bash for all: where names are looked up slowly, each start of one takes seconds.
    const words = fc.sample(anyText, { seed: 20, numRuns: 300 });
    const said = execFileSync('bash', ['-c', ['printf', '%s\\0', ...words].map(quoteWord).join(' ')], {
      encoding: 'utf8',
    });
    expect(said.split('\0').slice(0, -1)).toEqual(words);
  });

  it('a git setting is read back by git unchanged', () => {
    const name = 'http.https://x.example/a"b\\c.proxy';
    fc.assert(
      fc.property(anyText, (value) => {
        const read = execFileSync('git', ['config', '--file', '-', '--null', '--list'], {
          input: gitConfigText([[name, value]]),
          encoding: 'utf8',
        });
        expect(read).toBe(`${name}\n${value}\0`);
      }),
      { seed: 20, numRuns: 40 },
    );
  });
});
