import type { RunReport } from '../../report/facts/model.ts';
import { renderReport } from '../../report/render.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { callerOwner, chownTree } from '../../system/owner.ts';

/**
 * Writes a report to each file, as its name says: .html or .md. Under sudo they are the caller's.
 *
 * @throws as `toFileError` says
 */
export async function writeReports(
  report: RunReport,
  files: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const owner = callerOwner(env);
  for (const file of files) {
    await writeFileAtomic(file, renderReport(report, /\.md$/iu.test(file) ? 'markdown' : 'html'));
    if (owner !== null) await chownTree(file, owner);
  }
}
