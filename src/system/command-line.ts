import type { CommandSpec } from './command-spec.ts';

const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word as a POSIX shell reads it back unchanged.
 * Source of the rule: POSIX.1-2017, XCU 2.2.2: nothing is special between single quotes but the single quote itself.
 */
export function quoteWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command as a person would type it: variables first, then words. Only ever shown, never run by us. */
export function commandLine(spec: Pick<CommandSpec, 'file' | 'args'> & { readonly env?: CommandSpec['env'] }): string {
  const variables = Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${quoteWord(value)}`);
  return [...variables, quoteWord(spec.file), ...spec.args.map(quoteWord)].join(' ');
}
