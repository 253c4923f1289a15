import type { Flag, Word } from './dockerfile.ts';
import type { Pieces } from './join-lines.ts';
import { isSpace, skipSpace } from './white-space.ts';

/**
 * The `--name=value` words at the start of an instruction's arguments.
 * Out: the flags, and where in the joined text the rest starts.
 * Rule: buildkit frontend/dockerfile/parser/split_command.go (`extractBuilderFlags`): quotes and escapes count inside a flag and are taken away,
 * a word that does not start with `--` or is `--` alone ends them.
 */
export function takeFlags(joined: Pieces, from: number, escape: string): { flags: Flag[]; rest: number } {
  const { text } = joined;
  const flags: Flag[] = [];
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    if (!text.startsWith('--', at)) return { flags, rest: at };
    const plain = readPlain(text, at, escape);
    at = plain.end;
    if (plain.text === '--') return { flags, rest: skipSpace(text, at) };
    flags.push(flag(joined, plain));
  }
}

/** A word without its quotes and escapes, and where each of its characters stands in the joined text. */
interface Plain {
  readonly text: string;
  readonly places: readonly number[];
  readonly start: number;
  readonly end: number;
}

function readPlain(text: string, start: number, escape: string): Plain {
  let [plain, quote, at] = ['', '', start];
  const places: number[] = [];
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === '' && isSpace(char)) break;
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else {
      if (char === escape) at++;
      if (at >= text.length) break;
      plain += text.charAt(at);
      places.push(at);
    }
  }
  return { text: plain, places, start, end: Math.min(at, text.length) };
}

function flag(joined: Pieces, plain: Plain): Flag {
  const equals = plain.text.indexOf('=');
  const name = plain.text.slice(2, equals === -1 ? undefined : equals).toLowerCase();
  const value = equals === -1 ? null : valueOf(joined, plain, equals);
  return {
    name,
    value,
    options: name === 'mount' && value !== null ? mountOptions(value) : new Map(),
    ...joined.range(plain.start, plain.end),
  };
}

/** The range is the plain text alone where it stands in one piece, quotes around it left out; else all that is written. */
function valueOf(joined: Pieces, plain: Plain, equals: number): Word {
  const text = plain.text.slice(equals + 1);
  const written = (plain.places[equals] ?? plain.end) + 1;
  const start = plain.places[equals + 1] ?? written;
  const whole = joined.text.slice(start, start + text.length) === text;
  return { text, ...(whole ? joined.range(start, start + text.length) : joined.range(written, plain.end)) };
}

/** Words of a mount that stand without a value (BuildKit, frontend/dockerfile/instructions/commands_runmount.go, parseMount). */
const BARE = new Set(['readonly', 'ro', 'readwrite', 'rw', 'required']);

/** A field of a mount that BuildKit does not take, for it is neither NAME=VALUE nor such a word; null: there is none, or quotes decide. Pure. */
export function strayMountField({ name, value }: Flag): string | null {
  if (name !== 'mount' || value === null || /[$"]/u.test(value.text)) return null;
  return value.text.split(',').find((field) => !field.includes('=') && !BARE.has(field.toLowerCase())) ?? null;
}

/** `type=bind,"target=/a,b",rw`: comma-separated, a field may be quoted (encoding/csv). */
function mountOptions(value: Word): Map<string, string> {
  const fields = value.text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return new Map(
    fields.map((field) => {
      const plain = field.replaceAll('"', '');
      const equals = plain.indexOf('=');
      return equals === -1
        ? [plain.toLowerCase(), '']
        : [plain.slice(0, equals).toLowerCase(), plain.slice(equals + 1)];
    }),
  );
}
