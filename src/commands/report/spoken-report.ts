import type { RunFacts, RunReport } from '../../report/facts/model.ts';
import type { CheckResult } from '../../types.ts';
import { spoken } from '../../ui/speech/speech.ts';

/** A report whose notes, checks and error are in the language of this process: a record is English, whatever the run spoke. */
export function spokenReport({ run, before }: RunReport): RunReport {
  return { run: spokenRun(run), before };
}

function spokenRun(run: RunFacts): RunFacts {
  const { end, notes, seal, checks, smoke } = run;
  return {
    ...run,
    end: end === null || end.error === null ? end : { ...end, error: told(end.error) },
    notes: notes.map(told),
    seal: seal === null ? null : { ...seal, canary: spoken(seal.canary) },
    checks: checks.map(spokenCheck),
    smoke: smoke.map(spokenCheck),
  };
}

function told<T extends { readonly message: string; readonly hint?: string | null | undefined }>(given: T): T {
  const { message, hint } = given;
  return { ...given, message: spoken(message), ...(typeof hint === 'string' ? { hint: spoken(hint) } : {}) };
}

function spokenCheck(check: CheckResult): CheckResult {
  return { ...check, title: spoken(check.title), seen: spoken(check.seen) };
}
