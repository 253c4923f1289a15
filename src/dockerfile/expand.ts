import { EXIT, MobyBuildError } from '../errors.ts';
import { matchPrefix, matchSuffix, replacePattern } from './glob-pattern.ts';

/** The value of a variable, or undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** What stays of a word when quotes are taken away and variables are put in; and which variables were not set. */
interface Reader {
  readonly text: string;
  readonly escape: string;
  readonly lookup: Lookup;
  at: number;
}

/**
 * Expands a word of a Dockerfile as BuildKit does: `$X`, `${X}`, `:-` `-` `:+` `+` `:?` `?`, `#` `##` `%` `%%` `/` `//`, nested words,
 * quotes taken away, escapes resolved, an unset variable is empty.
 * In: the word as written, the variables, the escape character. Out: its value.
 * Throws exit 4, code `dockerfile-syntax`, for an unended quote or brace, an unknown modifier, or `:?` without a value; the
 * caller adds the line.
 * Rule: buildkit frontend/dockerfile/shell/lex.go.
 */
export function expand(word: string, lookup: Lookup, escape = '\\'): string {
  const reader: Reader = { text: word, escape, lookup, at: 0 };
  return readUntil(reader, '');
}

/** Reads up to the unquoted character `stop`, which is passed over; `''` means the end of the text. */
function readUntil(reader: Reader, stop: string): string {
  let out = '';
  while (reader.at < reader.text.length) {
    const char = reader.text[reader.at] ?? '';
    if (char === stop) {
      reader.at++;
      return out;
    }
    if (char === "'") out += readSingle(reader);
    else if (char === '"') out += readDouble(reader);
    else if (char === '$') out += readDollar(reader);
    else if (char === reader.escape) {
      // An escape at the very end stands for nothing.
      out += reader.text[reader.at + 1] ?? '';
      reader.at += 2;
    } else {
      out += char;
      reader.at++;
    }
  }
  if (stop !== '') throw broken(reader, `${stop} is missing`);
  return out;
}

function readSingle(reader: Reader): string {
  const end = reader.text.indexOf("'", reader.at + 1);
  if (end === -1) throw broken(reader, "a ' is not closed");
  const value = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  return value;
}

function readDouble(reader: Reader): string {
  let out = '';
  reader.at++;
  while (reader.at < reader.text.length) {
    const char = reader.text[reader.at] ?? '';
    if (char === '"') {
      reader.at++;
      return out;
    }
    if (char === '$') out += readDollar(reader);
    else if (char === reader.escape) {
      const next = reader.text[reader.at + 1] ?? '';
      // Inside double quotes an escape counts only before `"`, `$` and itself.
      out += next === '"' || next === '$' || next === reader.escape ? next : char + next;
      reader.at += 2;
    } else {
      out += char;
      reader.at++;
    }
  }
  throw broken(reader, 'a " is not closed');
}

function readDollar(reader: Reader): string {
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!])/.exec(
    reader.text.slice(reader.at + 1, reader.at + 257),
  )?.[0];
  if (reader.text[reader.at + 1] === '{') return readBraces(reader);
  if (name === undefined) {
    reader.at++;
    return '$';
  }
  reader.at += 1 + name.length;
  return reader.lookup(name) ?? '';
}

function readBraces(reader: Reader): string {
  const match = /^\$\{([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!])/.exec(reader.text.slice(reader.at, reader.at + 258));
  if (match === null) throw broken(reader, 'bad substitution');
  const name = match[1] ?? '';
  reader.at += match[0].length;
  const value = reader.lookup(name);
  const next = reader.text[reader.at] ?? '';
  if (next === '}') {
    reader.at++;
    return value ?? '';
  }
  if (next === ':' || next === '-' || next === '+' || next === '?')
    return readDefault(reader, name, value, next === ':');
  if (next === '#' || next === '%' || next === '/') {
    const changed = readPattern(reader, value ?? '', next);
    if (changed === null) throw broken(reader, 'the value is too long to be matched');
    return changed;
  }
  throw broken(reader, `unsupported modifier (${next})`);
}

function readPattern(reader: Reader, value: string, operator: '#' | '%' | '/'): string | null {
  const doubled = reader.text[reader.at + 1] === operator;
  reader.at += doubled ? 2 : 1;
  if (operator === '/') {
    const pattern = readUntil(reader, '/');
    return replacePattern(value, pattern, readUntil(reader, '}'), doubled);
  }
  const pattern = readUntil(reader, '}');
  return operator === '#' ? matchPrefix(value, pattern, doubled) : matchSuffix(value, pattern, doubled);
}

function readDefault(reader: Reader, name: string, value: string | undefined, colon: boolean): string {
  const modifier = reader.text[reader.at + (colon ? 1 : 0)] ?? '';
  reader.at += colon ? 2 : 1;
  const word = readUntil(reader, '}');
  const isSet = value !== undefined && !(colon && value === '');
  if (modifier === '-') return isSet ? value : word;
  if (modifier === '+') return isSet ? word : '';
  if (modifier === '?') {
    if (!isSet) throw broken(reader, `${name}: ${word === '' ? 'is not allowed to be unset' : word}`);
    return value;
  }
  throw broken(reader, `unsupported modifier (${modifier})`);
}

function broken(reader: Reader, message: string): MobyBuildError {
  return new MobyBuildError({
    code: 'dockerfile-syntax',
    exitCode: EXIT.tree,
    message: `The word ${reader.text.slice(0, 80)} cannot be expanded: ${message}`,
    where: 'Dockerfile',
  });
}
