import { EXIT, MobyBuildError } from '../../errors.ts';

/** Control characters but the tab: a newline ends a recipe, NUL ends an argument, the others rewrite a terminal. */

const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/;

/** With the u flag this finds only surrogates that stand alone. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * Returns `value` when it can travel as one piece of data through a process's arguments, make and a shell.
 *
 * @param where the flag it came from, for the error
 * @throws MobyBuildError `hostile-value` (exit 2) for control characters (but tab), and for text that is not Unicode
 */
export function requirePlainText(value: string, where: string): string {
  const found = CONTROL.exec(value);
  if (found !== null) {
    const code = value.charCodeAt(found.index).toString(16).padStart(4, '0');
    throw hostileValue(
      where,
      `${where} holds the control character U+${code.toUpperCase()}, which cannot be handed to make as data.`,
    );
  }
  if (LONE_SURROGATE.test(value)) {
    throw hostileValue(where, `${where} holds half of a surrogate pair, which is not Unicode text.`);
  }
  return value;
}

/** The error for a value that could become syntax somewhere on its way (exit 2). */
export function hostileValue(where: string, message: string, hint?: string): MobyBuildError {
  return new MobyBuildError({ code: 'hostile-value', exitCode: EXIT.usage, message, where, hint });
}
