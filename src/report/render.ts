import type { Language } from '../names.ts';
import { contentOf } from './content/content.ts';
import { SENTENCES_EN, type Sentences } from './content/sentences.ts';
import { SENTENCES_ZH } from './content/sentences-zh.ts';
import type { RunReport } from './facts/model.ts';
import { htmlReport } from './page/html.ts';
import { markdownReport } from './page/markdown.ts';

const SENTENCES: Readonly<Record<Language, Sentences>> = { en: SENTENCES_EN, zh: SENTENCES_ZH };

/** A report as it is written: `html` is one page, `markdown` fits a job summary. What the run itself said stays as it was said. Pure. */
export function renderReport(report: RunReport, as: 'html' | 'markdown', language: Language): string {
  const say = SENTENCES[language];
  const content = contentOf(report, say);
  return as === 'html' ? htmlReport(content, say) : markdownReport(content, say);
}
