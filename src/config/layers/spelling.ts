import { optionByFlag, specOf } from '../options/options.ts';
import type { Problem } from './layer.ts';
import { readBoolean } from './words.ts';

/** A line whose words the line parser takes as they are meant. */
export interface SpeltLine {
  readonly words: readonly string[];
  /** Behind `--`: never options. */
  readonly behind: readonly string[];
  /** Flags that there are not, as they were written (`--nonsense`, `-ref`), by the name that the parser is given in their place. */
  readonly unknown: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** Stands before a word that yargs would change in silence: it takes away quotes that enclose a whole value. */
const GUARD = '\u0001';
/** A number below zero: the only word with a dash in front that is a value. */
const NEGATIVE = /^-\d+(?:\.\d+)?$/u;

/**
 * Brings every word with a dash in front into the one spelling that the parser is told of. `--no-probe=false`, `--json=yes` and
 * `--platform` become the flag that they mean. A name that no option has gets another one: yargs has flags of its own
 * (`--get-yargs-completions`), and falls over names that every JavaScript object has (`--toString`).
 */
export function spellOut(argv: readonly string[]): SpeltLine {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  const unknown = new Map<string, string>();
  const problems: Problem[] = [];
  const words = before.map((word) => {
    if (!/^-./u.test(word) || NEGATIVE.test(word)) return guarded(word);
    const [, dashes = '', name = '', equals = '', value = ''] = /^(--?)([^=]*)(=?)(.*)$/su.exec(word) ?? [];
    const flag = dashes === '--' ? flagOf(name) : null;
    if (flag === null) {
      const stand = `unknown-${String(unknown.size)}`;
      unknown.set(stand, `${dashes}${name}`);
      return `--${stand}${equals}${value}`;
    }
    if (flag.boolean) return booleanWord(flag, equals === '' ? null : value, `--${name}`, problems);
    if (flag.off) {
      problems.push({ where: `--${name}`, message: `is no switch: --${flag.name} has a value` });
      return `--${flag.name}=-`;
    }
    return `--${flag.name}${equals}${equals === '' ? '' : guarded(value)}`;
  });
  return { words, behind: end < 0 ? [] : argv.slice(end + 1), unknown, problems };
}

/** Takes away what `spellOut` put before a value. */
export function unguarded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unguarded);
  return typeof value === 'string' && value.startsWith(GUARD) ? value.slice(1) : value;
}

interface Flag {
  readonly name: string;
  readonly boolean: boolean;
  /** Written with `no-` in front. */
  readonly off: boolean;
}

function flagOf(name: string): Flag | null {
  for (const off of [false, true]) {
    if (off && !name.startsWith('no-')) continue;
    const flag = off ? name.slice('no-'.length) : name;
    const option = optionByFlag(flag);
    if (option !== null) return { name: flag, boolean: specOf(option).form === 'boolean', off };
  }
  return null;
}

function booleanWord(flag: Flag, value: string | null, written: string, problems: Problem[]): string {
  const said = value === null ? true : readBoolean(value);
  if (said === null) problems.push({ where: written, message: 'takes no value but true or false' });
  return `--${flag.name}=${String(said !== flag.off)}`;
}

function guarded(word: string): string {
  return /^["'\u0001]/u.test(word) ? `${GUARD}${word}` : word;
}
