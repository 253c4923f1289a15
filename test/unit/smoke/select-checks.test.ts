import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../../src/smoke/check-list.ts';
import { selectChecks } from '../../../src/smoke/select-checks.ts';
import { NEXT } from '../../../src/next-command.ts';

describe('choosing checks', () => {
  test('all by default, each id once, each with a title and a limit', () => {
    const { checks, leftOut } = selectChecks(CHECKS, [], []);
    expect(checks).toEqual(CHECKS);
    expect(leftOut.size).toBe(0);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const check of checks) {
      expect(check.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(check.title).not.toBe('');
      expect(check.timeoutSeconds).toBeGreaterThan(0);
    }
  });

  test('--only keeps the order of the list; --skip keeps them in the report', () => {
    const { checks, leftOut } = selectChecks(CHECKS, ['stop', 'help', 'container'], ['help']);
    expect(checks.map(({ id }) => id)).toEqual(['help', 'container', 'stop']);
    expect([...leftOut]).toEqual([['help', 'left out by --skip']]);
  });

  test.each([
    [['helpp'], [], '--only'],
    [[], ['HELP'], '--skip'],
    [[''], [], '--only'],
  ])('an unknown one is refused: only %j, skip %j', (only, skip, where) => {
    expect(() => selectChecks(CHECKS, only, skip)).toThrow(
      expect.objectContaining({
        code: 'unknown-check',
        exitCode: 2,
        where,
        command: NEXT.smokeList(),
      }) as Error,
    );
  });

  test('a check with a container needs something to make it from', () => {
    const withContainer = CHECKS.filter(({ container }) => container === true);
    expect(withContainer.map(({ id }) => id)).toContain('container');
    for (const check of withContainer) expect(check.programs).toContain('runc');
  });
});
