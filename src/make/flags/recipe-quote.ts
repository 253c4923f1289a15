import { quoteWord } from '../../system/command-line.ts';
import { hostileValue } from './plain-text.ts';

/**
 * The recipe reaches the shell as one argument, and Linux takes no longer one than 128 KiB (MAX_ARG_STRLEN, execve(2));
 * the rest is for what the Makefile itself puts there.
 */
const LONGEST_RECIPE_BYTES = 96 * 1024;

/**
 * One word for a make variable that a recipe puts on its command line: make expands `$` first, then the recipe's shell
 * splits, so the word is quoted for the shell and its `$` doubled for make. No newline may be in it: a recipe ends there.
 * Rule: GNU make manual, 6.1 "Basics of Variable References" and 5.1 "Recipe Syntax".
 */
export function recipeQuote(word: string): string {
  return quoteWord(word).replaceAll('$', '$$$$');
}

/** Throws `hostile-value` (2) for text that is too long for a recipe's command line. */
export function requireShortRecipe(...texts: readonly (string | undefined)[]): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  if (bytes <= LONGEST_RECIPE_BYTES) return;
  throw hostileValue(
    '--build-arg',
    `The build arguments and options take ${String(bytes)} bytes on make's command line; ${String(LONGEST_RECIPE_BYTES)} are possible.`,
  );
}
