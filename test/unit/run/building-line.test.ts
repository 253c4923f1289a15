import { describe, expect, it } from 'vitest';
import { MESSAGES } from '../../../src/ui/messages.ts';

const STEP = { words: '[base] make', seconds: 85.4 };
const AT = { clock: '4:36', share: null, finished: 31, running: 1, step: STEP, quiet: null, last: null };

describe('the line of a build', () => {
  it.each([
    ['has no total without an earlier build', AT, '4:36  31 steps  [base] make (85 s)'],
    [
      'has that of the last one',
      { ...AT, last: { steps: 34, seconds: 462 } },
      '4:36  31 of 34 steps  [base] make (85 s)  last time 7 min 42 s',
    ],
    [
      'has none that is too small',
      { ...AT, last: { steps: 20, seconds: 462 } },
      '4:36  31 steps  [base] make (85 s)  last time 7 min 42 s',
    ],
    ['counts the steps beside', { ...AT, finished: 1, running: 3 }, '4:36  1 step  [base] make (85 s), and 2 more'],
    ['says about how much is done', { ...AT, share: 0.629 }, '4:36  about 62 %  31 steps  [base] make (85 s)'],
    [
      'says for how long a step is quiet, and why',
      { ...AT, quiet: { seconds: 130, reason: 'compiles' as const } },
      '4:36  31 steps  [base] make (85 s)  quiet for 2 min 10 s: that is normal, the compiler and linker print only errors',
    ],
    ['begins with nothing', { ...AT, finished: 0, running: 0, step: null }, '4:36  0 steps'],
  ])('%s', (_, at, line) => {
    expect(MESSAGES.building(at)).toBe(line);
  });
});
