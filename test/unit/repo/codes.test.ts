import { describe, expect, it } from 'vitest';
import { SMOKE_CHECKS } from '../../../src/check-codes.ts';
import { ERRORS, NOTES } from '../../../src/codes.ts';
import { DOCTOR_CHECKS, DOCTOR_ONLY_CHECKS } from '../../../src/doctor-check-ids.ts';
import { CHECKS as MACHINE_CHECKS } from '../../../src/doctor/checks.ts';
import { FURTHER_CHECKS } from '../../../src/doctor/further/run-doctor.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import type { Note } from '../../../src/types.ts';
import { CHECKS as DAEMON_CHECKS } from '../../../src/smoke/check-list.ts';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

/** Said by the launcher, which imports nothing; and made of a mirror's status. */
const MADE_ELSEWHERE = [
  'old-node',
  ...['alive', 'dead', 'degraded', 'restricted', 'unverified'].map((s) => `mirror-${s}`),
];

describe('src/codes.ts', () => {
  it('holds no code that nothing uses', () => {
    const source = repositoryFiles()
      .filter((file) => /^src\/.*\.ts$/u.test(file) && file !== 'src/codes.ts')
      .map(readRepositoryFile)
      .join('\n');
    const codes = [...Object.keys(ERRORS), ...Object.keys(NOTES)];
    expect(codes.filter((code) => !MADE_ELSEWHERE.includes(code) && !source.includes(`'${code}'`))).toEqual([]);
    expect(readRepositoryFile('bin/moby-build.cjs')).toContain("code: 'old-node'");
  });

  it('is sorted, so that a code is found and two people add to different lines', () => {
    for (const table of [ERRORS, NOTES]) expect(Object.keys(table)).toEqual(Object.keys(table).toSorted());
  });

  it('lists the checks as they are made, in their order', () => {
    expect(MACHINE_CHECKS.map(({ id }) => id)).toEqual(DOCTOR_CHECKS);
    expect(FURTHER_CHECKS.map(({ id }) => id).toSorted()).toEqual(DOCTOR_ONLY_CHECKS.toSorted());
    expect(DAEMON_CHECKS.map(({ id }) => id)).toEqual(SMOKE_CHECKS);
  });

  it('lets no other code or exit code pass the compiler', () => {
    // @ts-expect-error a misspelt code
    expect(new MobyBuildError({ code: 'no-dockred', exitCode: 2, message: 'm' }).code).toBe('no-dockred');
    // @ts-expect-error another exit code than the table's
    expect(new MobyBuildError({ code: 'no-dockerd', exitCode: 3, message: 'm' }).exitCode).toBe(3);
    // @ts-expect-error a misspelt note
    const note: Note = { level: 'info', code: 'next-miror', message: 'm' };
    expect(note.message).toBe('m');
  });
});
