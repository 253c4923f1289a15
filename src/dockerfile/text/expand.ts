import { EXIT, MobyBuildError } from '../../errors.ts';
import { matchPrefix, matchSuffix, replacePattern } from './glob-pattern.ts';

/** The value of a variable, or undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** What stays of a word when quotes are taken away and variables are put in; and which variables were not set. */
interface Reader {
  readonly text: string;
  readonly escape: string;
  readonly lookup: Lookup;
  at: number;
  depth: number;
}

/** Letters and digits of any script, as BuildKit's `processName`. */
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?\-$!]/uy;
/** Beyond what a build file holds; without bounds a file of 1 kB could ask for gigabytes, or for more stack than there is. */
const MAX_DEPTH = 100;
const MAX_LENGTH = 1_000_000;

/**
 * Expands a word of a Dockerfile as BuildKit does: `$X`, `${X}`, `:-` `-` `:+` `+` `:?` `?`, `#` `##` `%` `%%` `/` `//`, nested words,
 * quotes taken away, escapes resolved, an unset variable is empty.
 * In: the word as written, the variables, the escape character. Out: its value.
 * Throws exit 4, code `dockerfile-syntax`, for an unended quote or brace, an unknown modifier, `:?` without a value, and what is nested
 * or grows beyond all reason; the caller adds the line.
 * Rule: buildkit frontend/dockerfile/shell/lex.go.
 */
export function expand(word: string, lookup: Lookup, escape = '\\'): string {
  const reader: Reader = { text: word, escape, lookup, at: 0, depth: 0 };
  return readUntil(reader, '');
}

function nameAt(reader: Reader, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(reader.text)?.[0];
}

/** Reads up to the unquoted character `stop`, which is passed over; `''` means the end of the text. */
function readUntil(reader: Reader, stop: string): string {
  if (++reader.depth > MAX_DEPTH) throw broken(reader, `it is nested more than ${String(MAX_DEPTH)} deep`);
  const out = readPieces(reader, stop);
  reader.depth--;
  return out;
}

function readPieces(reader: Reader, stop: string): string {
  let out = '';
  while (reader.at < reader.text.length) {
    const char = reader.text[reader.at] ?? '';
    if (char === stop) {
      reader.at++;
      return out;
    }
    if (char === "'") out += readSingle(reader);
    else if (char === '"') out += readDouble(reader);
    else if (char === '$') out = bounded(reader, out + readDollar(reader));
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
    if (char === '$') out = bounded(reader, out + readDollar(reader));
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
  const name = nameAt(reader, reader.at + 1);
  if (reader.text[reader.at + 1] === '{') return readBraces(reader);
  if (name === undefined) {
    reader.at++;
    return '$';
  }
  reader.at += 1 + name.length;
  return reader.lookup(name) ?? '';
}

function readBraces(reader: Reader): string {
  const name = nameAt(reader, reader.at + 2);
  if (name === undefined) throw broken(reader, 'bad substitution');
  reader.at += 2 + name.length;
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
    const replacement = readUntil(reader, '}');
    if (replacement.length * (value.length + 1) > MAX_LENGTH * 10) throw broken(reader, 'its value is too long');
    return replacePattern(value, pattern, replacement, doubled);
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

function bounded(reader: Reader, value: string): string {
  if (value.length > MAX_LENGTH) throw broken(reader, `its value has more than ${String(MAX_LENGTH)} characters`);
  return value;
}

function broken(reader: Reader, message: string): MobyBuildError {
  return new MobyBuildError({
    code: 'dockerfile-syntax',
    exitCode: EXIT.tree,
    message: `The word ${reader.text.slice(0, 80)} cannot be expanded: ${message}`,
    where: 'Dockerfile',
  });
}
