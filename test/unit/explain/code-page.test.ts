import { describe, expect, it } from 'vitest';
import { PROVENANCE_CHECKS, VERIFY_CHECKS } from '../../../src/check-codes.ts';
import { ERRORS, NOTES } from '../../../src/codes.ts';
import { allCodes, codePage } from '../../../src/commands/explain/code-page.ts';
import { DOCTOR_CHECKS, DOCTOR_ONLY_CHECKS } from '../../../src/doctor-check-ids.ts';
import { SYMPTOMS } from '../../../src/symptoms/table.ts';

describe('the page of a code', () => {
  const codes = [
    ...SYMPTOMS.map(({ code }) => code),
    ...Object.keys({ ...ERRORS, ...NOTES, ...VERIFY_CHECKS, ...PROVENANCE_CHECKS }),
    ...DOCTOR_CHECKS,
    ...DOCTOR_ONLY_CHECKS,
  ];

  it.each(codes)('is there for %s, with a meaning and an example', (code) => {
    const page = codePage(code);
    expect(page?.meaning).toBeTruthy();
    expect(page?.examples.length).toBeGreaterThan(0);
  });

  it('is there for all that are suggested, and for no other word', () => {
    expect(allCodes().filter((code) => codePage(code) === null)).toEqual([]);
    for (const word of ['toString', '', '-', 'MB-000']) expect(codePage(word)).toBeNull();
  });
});
