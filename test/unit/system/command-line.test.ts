import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, withOption } from '../../../src/system/command-line.ts';

const line = (...args: string[]): string => commandLine({ file: 'moby-build', args });

describe('a line with another value for an option', () => {
  it.each([
    ['is not there yet', line('audit'), 'moby-build audit --profile cn'],
    ['two words', line('audit', '--profile', 'auto', '--all'), 'moby-build audit --all --profile cn'],
    ['with =', line('audit', '--profile=auto', '--all'), 'moby-build audit --all --profile cn'],
    ['a longer name stays', line('audit', '--profile-dir', 'x'), 'moby-build audit --profile-dir x --profile cn'],
  ])('%s', (_case, before, after) => {
    expect(withOption(before, '--profile', 'cn')).toBe(after);
  });

  it('whatever the old value was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.boolean(), (value, glued) => {
        const words = glued ? [`--profile=${value}`] : ['--profile', value];
        expect(withOption(line('audit', ...words, '--all'), '--profile', null)).toBe('moby-build audit --all');
      }),
    );
  });
});
