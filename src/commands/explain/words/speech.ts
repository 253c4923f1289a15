import type { Language } from '../../../names.ts';
import { spoken } from '../../../ui/speech/speech.ts';
import { EXPLAIN_EN, type ExplainWords } from './words-en.ts';
import { EXPLAIN_ZH } from './words-zh.ts';

/** How `explain` speaks in one language. */
export interface Speech {
  readonly words: ExplainWords;
  /** A cause or hint of the table of symptoms, or what a code of ours means. */
  readonly say: (english: string) => string;
}

const SPEECH: Readonly<Record<Language, Speech>> = {
  en: { words: EXPLAIN_EN, say: (english) => english },
  zh: { words: EXPLAIN_ZH, say: spoken },
};

export function speechOf(language: Language): Speech {
  return SPEECH[language];
}

/** A sentence with its holes filled. Pure. */
export function fillWords(template: string, holes: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => holes[name] ?? '');
}
