import { describe, expect, it } from 'vitest';
import { countTests, failedTests } from '../../../scripts/vitest-counts.mjs';

const green = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };
const unloadable = { status: 'failed', assertionResults: [] };

describe('the count of npm test', () => {
  it.each([
    ['all passed', green, true, { passed: 5, failed: 0, skipped: 2 }],
    ['some failed', { ...green, numFailedTests: 2 }, false, { passed: 5, failed: 2, skipped: 2 }],
    [
      'a file could not be loaded',
      { ...green, testResults: [unloadable] },
      false,
      { passed: 5, failed: 1, skipped: 2 },
    ],
    ['vitest failed and no test did', green, false, { passed: 5, failed: 1, skipped: 2 }],
    ['nothing ran', { ...green, numPassedTests: 0 }, true, { passed: 0, failed: 1, skipped: 2 }],
    ['vitest wrote no report', null, true, { passed: 0, failed: 1, skipped: 0 }],
  ])('%s', (_case, report, ok, counts) => {
    expect(countTests(report, ok)).toEqual(counts);
  });
});

describe('the failures at the end of npm test', () => {
  it('each with its file, its name and the first line of why', () => {
    const report = {
      testResults: [
        {
          name: '/root/test/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { fullName: 'a does', status: 'passed', failureMessages: [] },
            { fullName: 'a does not', status: 'failed', failureMessages: ['Error: 1 is not 2\n    at line 7'] },
          ],
        },
        { name: '/root/test/b.test.ts', status: 'failed', message: 'no such module\nthere', assertionResults: [] },
      ],
    };
    expect(failedTests(report, '/root/')).toEqual([
      'test/a.test.ts: a does not: Error: 1 is not 2',
      'test/b.test.ts: no such module',
    ]);
    expect(failedTests(null, '/root/')).toEqual([]);
  });
});
