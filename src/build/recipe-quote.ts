import { quoteWord } from '../system/command-line.ts';

/**
 * One word for a make variable that a recipe puts on its command line: make expands `$` first, then the recipe's shell
 * splits, so the word is quoted for the shell and its `$` doubled for make. No newline may be in it: a recipe ends there.
 * Rule: GNU make manual, 6.1 "Basics of Variable References" and 5.1 "Recipe Syntax".
 */
export function recipeQuote(word: string): string {
  return quoteWord(word).replaceAll('$', '$$$$');
}
