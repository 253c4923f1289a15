import { contentOf } from './content/content.ts';
import { SENTENCES } from './content/sentences.ts';
import type { RunReport } from './facts/model.ts';
import { htmlReport } from './page/html.ts';
import { markdownReport } from './page/markdown.ts';

/** A report as it is written: `html` is one page, `markdown` fits a job summary. Pure. */
export function renderReport(report: RunReport, as: 'html' | 'markdown'): string {
  const content = contentOf(report, SENTENCES);
  return as === 'html' ? htmlReport(content, SENTENCES) : markdownReport(content, SENTENCES);
}
