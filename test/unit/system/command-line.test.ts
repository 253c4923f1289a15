import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/system/command-line.ts';

describe('a command as a person would type it', () => {
  it('quotes what a shell would read otherwise', () => {
    expect(commandLine({ file: 'moby-build', args: ['--out', "it's here", '--ref=v1'], env: { A: 'b c' } })).toBe(
      `A='b c' moby-build --out 'it'\\''s here' --ref=v1`,
    );
  });
});
