import type { Language } from '../../names.ts';

/** Locales whose readers are served best in Simplified Chinese; those of Traditional Chinese get English, as gettext would have it. */
const SIMPLIFIED = /^zh(?:[_-](?:CN|SG|MY|Hans)(?![a-z]).*)?(?:[.@].*)?$/iu;

/**
 * The language to write in. What is asked for wins; else the locale of messages, the first of LC_ALL, LC_MESSAGES and LANG that is not
 * empty (POSIX.1-2024, "Environment Variables", 8.2). A locale of another language means English. Pure.
 */
export function languageOf(wish: 'auto' | Language, env: Readonly<Record<string, string | undefined>>): Language {
  if (wish !== 'auto') return wish;
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return SIMPLIFIED.test(locale ?? '') ? 'zh' : 'en';
}
