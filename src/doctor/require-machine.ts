import { EXIT, MobyBuildError } from '../errors.ts';
import type { CheckResult } from '../types.ts';
import { joinInstalls } from './install.ts';

/**
 * Lets a build go on only when no check has failed.
 *
 * Throws `machine` (3): the message lists all that lacks with what was seen, `command` is what mends it (one line for all
 * packages), `hint` says that nothing has been touched.
 */
export function requireMachine(results: readonly CheckResult[]): void {
  const failed = results.filter(({ result }) => result === 'failed');
  if (failed.length === 0) return;
  const width = Math.max(...failed.map(({ title }) => title.length));
  const fixes = joinInstalls(failed.flatMap(({ fix }) => (fix === null ? [] : [fix])));
  const single = failed.length === 1;
  throw new MobyBuildError({
    code: 'machine',
    exitCode: EXIT.machine,
    message: [
      `This machine cannot build yet: ${single ? 'one thing lacks' : `${String(failed.length)} things lack`}.`,
      ...failed.map(({ title, seen }) => `${title.padEnd(width)}  ${seen}`),
      ...(fixes.length > 1 ? ['', 'To mend it:', ...fixes] : []),
    ].join('\n  '),
    hint: 'Nothing has been downloaded or changed. Mend it, then run the same command again.',
    command: fixes[0],
  });
}
