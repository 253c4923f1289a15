import { describe, expect, it } from 'vitest';
import { goOf, newTags, readBranches, supportChanges } from '../../../scripts/upstream-facts.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import pins from '../../../src/moby/pins.json' with { type: 'json' };

const PAGE = `
| Branch Name | Sponsoring Maintainer(s) | Contribution Status | Expected End of Maintenance | Known Distributors |
|-------------|--------------------------|---------------------|-----------------------------|--------------------|
| docker-29.x | The Moby Project         | Maintained          | After docker-30.x           | x                  |
| 27.x        |                          | Unmaintained        |                             |                    |
| 25.0        | @someone                 | Maintained          | [2026-12-04][a]             | y                  |
| Older than 23.0 |                      | Unmaintained        |                             |                    |
`;

describe('npm run upstream', () => {
  it('takes tags that are new, and never one that moved', () => {
    const known = { 'v1.0.0': ['a', '2020-01-01'] };
    const at = (tag: string, commit: string) => ({ tag, commit, date: '2026-01-01' });
    expect(newTags(known, [at('v1.0.0', 'a'), at('v1.0.1', 'b')])).toEqual({ added: [at('v1.0.1', 'b')], moved: [] });
    expect(newTags(known, [at('v1.0.0', 'c')])).toEqual({ added: [], moved: ['v1.0.0: a, now c'] });
  });

  it('reads moby’s table of branches', () => {
    expect(readBranches(PAGE)).toEqual([
      { series: '29', maintained: true, until: null },
      { series: '27', maintained: false, until: null },
      { series: '25.0', maintained: true, until: '2026-12-04' },
    ]);
  });

  it('our own table says what that page says', () => {
    expect(supportChanges(SERIES, readBranches(PAGE), pins)).toEqual([]);
  });

  it.each([
    ['| docker-30.x | x | Maintained | | |', /release branch for 30/u],
    ['| 25.0 | x | Unmaintained | | |', /^25\.0 is not maintained/u],
    ['| 25.0 | x | Maintained | [2027-06-01][a] | |', /25\.0 is maintained until 2027-06-01; here 2026-12-04/u],
    ['| 28.x | x | Maintained (security) | | |', /^28 is maintained/u],
  ])('%s is to be looked at', (row, told) => {
    expect(supportChanges(SERIES, readBranches(row), pins).join('\n')).toMatch(told);
  });

  it.each([
    ['module x\n\ngo 1.26.3\n', '1.26.3'],
    ['module x\ngo 1.21\n', '1.21'],
    ['module x\ngo 1.17\n', null],
    ['module x\n', null],
  ])('the Go of %j is %s', (text, go) => {
    expect(goOf(text)).toBe(go);
  });
});
