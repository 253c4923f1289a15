import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { expectedCommit, pinFor, unknownRef } from '../../../src/moby/pins.ts';
import { failureOf } from '../../support/failure.ts';

const SHA = 'ABCDEF0123456789abcdef0123456789abcdef01';

describe('pinFor', () => {
  it('knows what tags of moby are', () => {
    expect(pinFor('v20.10.12')).toEqual({ commit: '459d0dfbbb51fb2423a43655e6c62368ec0f36c9', date: '2021-12-13' });
    expect(pinFor('refs/tags/v20.10.12')?.commit).toBe('459d0dfbbb51fb2423a43655e6c62368ec0f36c9');
  });
  it.each(['v20.10.99', '', '__proto__', 'toString', 'constructor'])('has none for %j', (ref) => {
    expect(pinFor(ref)).toBeNull();
  });
});

describe('expectedCommit', () => {
  it('takes --commit before the table', () => {
    expect(expectedCommit('v20.10.12')).toMatchObject({ from: 'table' });
    expect(expectedCommit('v20.10.12', SHA)).toEqual({ commit: SHA.toLowerCase(), from: 'flag' });
    expect(expectedCommit('my/branch', SHA).from).toBe('flag');
  });

  it.each(['459d0df', '', 'HEAD', `${SHA}0`, `${SHA} `, '--upload-pack=x'])('refuses --commit %j', (given) => {
    expect(failureOf(() => expectedCommit('v20.10.12', given))).toMatchObject({ code: 'bad-commit', exitCode: 2 });
  });

  it.each([
    '',
    '-v',
    '--upload-pack=touch x',
    'a b',
    'a..b',
    'a:b',
    '+a',
    'a~1',
    'a^{}',
    'a\n',
    'a//b',
    '/a',
    'a/',
    'a.lock',
    '@',
    'a@{1}',
    '*',
    '.a',
    'a/.b',
  ])('refuses the name %j', (ref) => {
    const error = failureOf(() => expectedCommit(ref, ref === '+a' ? undefined : SHA));
    expect(error.exitCode).toBe(2);
    expect(error.code).toBe(ref === '+a' ? 'unknown-ref' : 'bad-ref');
  });

  it('never lets through what could be an option or a refspec', () => {
    let refused = 0;
    let taken = 0;
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (ref) => {
        let passed = true;
        try {
          expectedCommit(ref, SHA);
        } catch (cause) {
          if (!(cause instanceof MobyBuildError)) throw cause;
          passed = false;
        }
        if (passed) taken += 1;
        else refused += 1;
        return !passed || (!ref.startsWith('-') && !/[\s:*?[\\^~]/.test(ref));
      }),
      { seed: 20, numRuns: 2000 },
    );
    expect(Math.min(refused, taken)).toBeGreaterThan(100);
  });

  it.each([
    ['20.10.12', 'v20.10.12'],
    ['v20.10.122', 'v20.10.12'],
    ['V20.10.9', 'v20.10.9'],
    ['v29.0.1', 'its name may be docker-v29.0.1.'],
    ['29.0.1', 'its name may be docker-v29.0.1.'],
    ['docker-29.0.1', 'its name may be docker-v29.0.1.'],
    ['docker-v20.10.12', 'its name may be v20.10.12.'],
    ['V20.10.12', 'its name may be v20.10.12.'],
    ['refs/tags/V20.10.12', 'its name may be v20.10.12.'],
    ['20.10.12', 'its name may be v20.10.12.'],
    ['v20.10', 'there are v20.10.27, v20.10.26, v20.10.25.'],
    ['20.10.x', 'there are v20.10.27, v20.10.26, v20.10.25.'],
    ['27', 'v27.5.1'],
    ['latest', 'its name may be docker-v29.'],
    ['v20.10.28', 'v20.10.27'],
  ])('%s: suggests %s', (ref, near) => {
    const error = failureOf(() => expectedCommit(ref));
    expect(error).toMatchObject({ code: 'unknown-ref', exitCode: 2 });
    expect(error.message).toContain(near);
  });

  it('suggests nothing where nothing is near', () => {
    expect(unknownRef('feature/new-thing').message).toBe('feature/new-thing is no tag of moby that is known here.');
    expect(unknownRef('master')).toMatchObject({
      hint: expect.stringContaining('--ref master --commit SHA') as string,
      command: 'git ls-remote https://github.com/moby/moby.git master',
    });
  });
});
