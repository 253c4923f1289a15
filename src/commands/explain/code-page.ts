import { PROVENANCE_CHECKS, VERIFY_CHECKS } from '../../check-codes.ts';
import { ERRORS, NOTES } from '../../codes.ts';
import { ALL_CHECKS } from '../../doctor/further/run-doctor.ts';
import { listChecks } from '../../smoke/smoke.ts';
import { faultKind } from '../../symptoms/faults.ts';
import { symptomOf, SYMPTOMS } from '../../symptoms/table.ts';
import type { CodePage } from './document.ts';
import { nextOf } from './next-of.ts';

const NOTHING = { exitCodes: [], fault: null, tool: null, hint: null, next: null, source: null } as const;

/** The page of a code, a symptom's or one of ours; null where there is no such code. Pure. */
export function codePage(code: string): CodePage | null {
  const row = symptomOf(code);
  if (row !== undefined) {
    const { tool, fault, cause, hint, source, samples } = row;
    const { meaning } = faultKind(fault);
    const page = { kind: 'symptom', meaning: cause, exitCodes: [], fault: meaning, tool, hint, source } as const;
    return { ...page, code: row.code, next: nextOf(row.next).next, examples: [...samples] };
  }
  return ownPage(code.toLowerCase());
}

function ownPage(code: string): CodePage | null {
  if (Object.hasOwn(ERRORS, code)) {
    const [exit, meaning] = ERRORS[code as keyof typeof ERRORS];
    const examples = [`{"error": {"code": "${code}", "exitCode": ${String([exit].flat()[0])}, …}}`];
    return { ...NOTHING, code, kind: 'error', meaning, exitCodes: [exit].flat(), examples };
  }
  if (Object.hasOwn(NOTES, code)) {
    const examples = [`warning: …  [${code}]`];
    return { ...NOTHING, code, kind: 'note', meaning: NOTES[code as keyof typeof NOTES], examples };
  }
  const meaning = checks().get(code);
  if (meaning === undefined) return null;
  return { ...NOTHING, code, kind: 'check', meaning, examples: [`{"id": "${code}", "result": "failed", …}`] };
}

function checks(): ReadonlyMap<string, string> {
  const listed = [...ALL_CHECKS, ...listChecks()].map(({ id, title }) => [id, title] as const);
  return new Map<string, string>([...listed, ...Object.entries(VERIFY_CHECKS), ...Object.entries(PROVENANCE_CHECKS)]);
}

/** Every code that has a page, for a suggestion. */
export function allCodes(): readonly string[] {
  return [
    ...SYMPTOMS.map(({ code }) => code.toLowerCase()),
    ...Object.keys(ERRORS),
    ...Object.keys(NOTES),
    ...checks().keys(),
  ];
}
