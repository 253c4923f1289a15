import type { OptionSpec } from '../options/option.ts';

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

/** The words for yes and no that environment and files may use; null for any other word. */
export function readBoolean(text: string): boolean | null {
  const lower = text.toLowerCase();
  if (TRUE.has(lower)) return true;
  return FALSE.has(lower) ? false : null;
}

export const BOOLEAN_EXPECTED = 'must be true or false';

/** The entries of a list; where its option allows commas, `a,b` are two. An empty entry stays, to be refused. */
export function entriesOf({ commas }: Pick<OptionSpec, 'commas'>, texts: readonly string[]): readonly string[] {
  return commas === true ? texts.flatMap((text) => text.split(',').map((entry) => entry.trim())) : texts;
}

export interface Pairs {
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong with entries that have no `=` or whose name comes twice. */
  readonly problems: readonly string[];
}

/** `NAME=VALUE` entries to a record; the value may hold further `=`. */
export function readPairs(entries: readonly string[], placeholder: string): Pairs {
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const entry of entries) {
    const at = entry.indexOf('=');
    if (at < 1) {
      problems.push(`must be ${placeholder}, but ${JSON.stringify(entry)} ${at === 0 ? 'has no name' : 'has no ='}`);
      continue;
    }
    const name = entry.slice(0, at);
    if (values.has(name)) problems.push(`${JSON.stringify(name)} is given twice`);
    values.set(name, entry.slice(at + 1));
  }
  return { values: Object.fromEntries(values), problems };
}
