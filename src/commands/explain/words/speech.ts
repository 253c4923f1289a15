import type { Language } from '../../../names.ts';
import { spoken } from '../../../ui/speech/speech.ts';
import { CAUSES_ZH } from './causes-zh.ts';
import { HINTS_ZH } from './hints-zh.ts';
import { EXPLAIN_EN, type ExplainWords } from './words-en.ts';
import { EXPLAIN_ZH } from './words-zh.ts';

/** How `explain` speaks in one language. */
export interface Speech {
  readonly words: ExplainWords;
  /** A cause or hint of the table of symptoms, or what a code of ours means; what has no translation stays English. */
  readonly say: (english: string) => string;
}

const SPEECH: Readonly<Record<Language, Speech>> = {
  en: { words: EXPLAIN_EN, say: (english) => english },
  zh: { words: EXPLAIN_ZH, say: (english) => CAUSES_ZH[english] ?? HINTS_ZH[english] ?? spoken(english) },
};

export function speechOf(language: Language): Speech {
  return SPEECH[language];
}

/** A sentence with its holes filled. Pure. */
export function fillWords(template: string, holes: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => holes[name] ?? '');
}
