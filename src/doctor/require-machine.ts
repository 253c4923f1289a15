import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { CheckResult } from '../types.ts';
import { joinInstalls } from './install.ts';

/**
 * Lets a build go on only when no check has failed.
 *
 * Throws `machine` (3): the message lists all that lacks with what was seen, `command` is what mends it (one line for all
 * packages), or the user's own line where only a person can mend it; `hint` says that, and that nothing has been touched.
 */
export function requireMachine(results: readonly CheckResult[]): void {
  const failed = results.filter(({ result }) => result === 'failed');
  if (failed.length === 0) return;
  const width = Math.max(...failed.map(({ title }) => title.length));
  const fixes = joinInstalls(failed.flatMap(({ fix }) => (fix === null ? [] : [fix])));
  const sentences = fixes.filter(isSentence);
  const commands = fixes.filter((fix) => !isSentence(fix));
  const single = failed.length === 1;
  throw new MobyBuildError({
    code: 'machine',
    exitCode: EXIT.machine,
    message: [
      `This machine cannot build yet: ${single ? 'one requirement is missing' : `${String(failed.length)} requirements are missing`}.`,
      ...failed.map(({ title, seen }) => `${title.padEnd(width)}  ${seen}`),
      ...(fixes.length > 1 ? ['', 'To fix it:', ...fixes] : []),
    ].join('\n  '),
    // Several stand in the message already.
    hint: [
      ...(fixes.length === 1 ? sentences : []),
      'Nothing has been downloaded or changed. Mend it, then run the same command again.',
    ].join('\n'),
    command: commands[0] ?? NEXT.again(),
  });
}

/** Whether a fix is for people, and no command to paste. A command begins with a program, which nobody writes with a capital, or with a variable. */
export function isSentence(fix: string): boolean {
  return /^[A-Z][a-z]*\s/u.test(fix);
}
