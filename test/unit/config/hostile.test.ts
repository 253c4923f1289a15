import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { surroundings } from './command-line-from.ts';

const SETTINGS = { seed: 20101, numRuns: 60 };

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '$',
      '(',
      ')',
      '`',
      '"',
      "'",
      '\\',
      '&',
      ';',
      '|',
      ' ',
      '\n',
      '\t',
      'é',
      '=',
      '{',
      '}',
      '/',
      '@',
      ':',
    ),
  }),
);

describe('any value is refused with exit 2, or comes out as the text that went in', () => {
  it.each([
    ['mirror', 'git=', (options: Record<string, unknown>) => (options['mirrors'] as Record<string, string>)['git']],
    ['build-arg', 'A=', (options: Record<string, unknown>) => (options['buildArgs'] as Record<string, string>)['A']],
    ['make-arg', '', (options: Record<string, unknown>) => (options['makeArgs'] as string[])[0]],
    ['network', '', (options: Record<string, unknown>) => options['network']],
    ['ref', '', (options: Record<string, unknown>) => options['ref']],
    ['suite', '', (options: Record<string, unknown>) => options['suite']],
  ])('--%s', async (flag, prefix, pick) => {
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(nasty, async (value) => {
        try {
          const line = await parseCommandLine([`--${flag}=${prefix}${value}`], surroundings());
          expect(pick(line.options)).toBe(value);
          seen.taken += 1;
        } catch (error) {
          if (!(error instanceof MobyBuildError)) throw error;
          expect(error.exitCode).toBe(2);
          // What was refused does not break the message into lines that look like ours.
          expect(error.message.split('\n')).toHaveLength(1);
          seen.refused += 1;
        }
      }),
      SETTINGS,
    );
    expect(Math.min(seen.taken, seen.refused), JSON.stringify(seen)).toBeGreaterThan(0);
  });
});
