const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word as a POSIX shell reads it back unchanged.
 * Rule: POSIX.1-2017, XCU 2.2.2: between single quotes nothing is special but the single quote itself.
 */
export function shellQuote(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * One word for a make variable that a recipe puts on its command line: make expands `$` first, then the recipe's shell
 * splits, so the word is quoted for the shell and its `$` doubled for make. No newline may be in it: a recipe ends there.
 * Rule: GNU make manual, 6.1 "Basics of Variable References" and 5.1 "Recipe Syntax".
 */
export function recipeQuote(word: string): string {
  return shellQuote(word).replaceAll('$', '$$$$');
}
