import { describe, expect, it } from 'vitest';
import { commitId } from '../../../src/config/options/values.ts';
import { expectedCommit } from '../../../src/moby/pins.ts';

describe('--commit', () => {
  it.each([
    ['a'.repeat(40), true],
    ['A'.repeat(40), true],
    ['a'.repeat(64), false],
    ['a'.repeat(39), false],
    ['a'.repeat(41), false],
    ['g'.repeat(40), false],
  ])('%s: the table of options and the table of tags agree: %s', (value, taken) => {
    expect(commitId.safeParse(value).success).toBe(taken);
    const expected = (): unknown => expectedCommit('v20.10.12', value);
    if (taken) expect(expected()).toEqual({ commit: value.toLowerCase(), from: 'flag' });
    else expect(expected).toThrow(expect.objectContaining({ code: 'bad-commit' }) as Error);
  });
});
