import { ARCHITECTURE_CHECK } from './architecture-check.ts';
import { BUILDER_CHECK, ENGINE_CHECKS } from './engine-checks.ts';
import type { Check, CheckContext } from './context.ts';
import { CACHE_CHECK, FRONTEND_CHECK } from './buildkit-checks.ts';
import { PROGRAM_CHECKS } from './program-checks.ts';
import { SNAP_CHECK } from './snap-check.ts';
import { SPACE_CHECKS } from './space-checks.ts';
import { throwIfStopping } from '../system/process/supervisor.ts';
import type { CheckResult } from '../types.ts';

/** Everything that is looked at before anything slow, in the order in which it is told. */
export const CHECKS: readonly Check[] = [
  ...PROGRAM_CHECKS,
  ...ENGINE_CHECKS,
  BUILDER_CHECK,
  SNAP_CHECK,
  FRONTEND_CHECK,
  CACHE_CHECK,
  ARCHITECTURE_CHECK,
  ...SPACE_CHECKS,
];

/** Makes every check, also after one has failed: a person mends all at once. Changes nothing on the machine. */
export async function runChecks(context: CheckContext, checks: readonly Check[] = CHECKS): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, title, skip, run } of checks) {
    throwIfStopping();
    const reason = skip(context);
    if (reason !== null) {
      results.push({ id, title, result: 'skipped', seen: reason, fix: null, seconds: 0 });
      continue;
    }
    const started = performance.now();
    const { result, seen, fix } = await run(context);
    results.push({ id, title, result, seen, fix: fix ?? null, seconds: (performance.now() - started) / 1000 });
  }
  return results;
}
