import { NEXT } from '../next-command.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { Check } from './checks/check.ts';

/**
 * The checks that a user asked for, in the list's order: with `only` no others are reported; those of `skip` are reported as
 * skipped. Throws `unknown-check` (2) for an id that is not in the list.
 */
export function selectChecks(
  all: readonly Check[],
  only: readonly string[],
  skip: readonly string[],
): { readonly checks: readonly Check[]; readonly leftOut: Map<string, string> } {
  for (const [flag, ids] of [
    ['--only', only],
    ['--skip', skip],
  ] as const) {
    const unknown = ids.find((id) => !all.some((check) => check.id === id));
    if (unknown === undefined) continue;
    throw new MobyBuildError({
      code: 'unknown-check',
      exitCode: EXIT.usage,
      message: `There is no check “${unknown}”.`,
      where: flag,
      command: NEXT.smokeList(),
    });
  }
  const checks = only.length === 0 ? all : all.filter((check) => only.includes(check.id));
  return { checks, leftOut: new Map(skip.map((id) => [id, 'left out by --skip'])) };
}
