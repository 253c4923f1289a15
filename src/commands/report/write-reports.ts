import type { RunOptions } from '../../config/layers/parse.ts';
import type { RunReport } from '../../report/facts/model.ts';
import { renderReport } from '../../report/render.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { callerOwner, chownTree } from '../../system/owner.ts';
import { languageOf } from '../context/language.ts';
import { spokenReport } from './spoken-report.ts';

/**
 * Writes a report to each file of `--report`, as its name says: .html or .md. Under sudo they are the caller's.
 *
 * @throws as `toFileError` says
 */
export async function writeReports(
  report: RunReport,
  { report: files, lang }: Pick<RunOptions, 'report' | 'lang'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const owner = callerOwner(env);
  const language = languageOf(lang, env);
  const told = spokenReport(report);
  for (const file of files) {
    await writeFileAtomic(file, renderReport(told, /\.md$/iu.test(file) ? 'markdown' : 'html', language));
    if (owner !== null) await chownTree(file, owner);
  }
}
