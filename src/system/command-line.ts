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

/**
 * A line of `commandLine` that says another value for an option, or, with null, nothing of it.
 * @param name with its dashes: `--profile`
 */
export function withOption(line: string, name: string, value: string | null): string {
  // As `quoteWord` writes words: `--name VALUE`, `--name=VALUE` and '--name=a value', an apostrophe in it as '\''.
  const quoted = String.raw`[^']*'(?:\\''[^']*')*`;
  const given = String.raw` (?:${name}[ =](?:'${quoted}|[^\s']+)|'${name}=${quoted})(?= |$)`;
  const rest = line.replace(new RegExp(given, 'gu'), '');
  return value === null ? rest : `${rest} ${name} ${quoteWord(value)}`;
}
