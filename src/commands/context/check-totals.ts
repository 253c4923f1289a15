import type { CheckTotals } from '../../document/parts.ts';
import type { CheckOutcome, CheckResult } from '../../types.ts';

/** How many checks came to which result; each result is named, also those with none. */
export function totalsOfChecks(checks: readonly CheckResult[]): CheckTotals {
  const count = (result: CheckOutcome): number => checks.filter((check) => check.result === result).length;
  return { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') };
}
