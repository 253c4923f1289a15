import type { Flag, Word } from './dockerfile.ts';
import type { Pieces } from './join-lines.ts';
import { word } from './split-words.ts';

/**
 * The `--name=value` words at the start of an instruction's arguments.
 * Out: the flags, and where in the joined text the rest starts.
 * Rule: buildkit frontend/dockerfile/parser/split_command.go (`extractBuilderFlags`): quotes and escapes count inside a flag,
 * a word that does not start with `--` or is `--` alone ends them.
 */
export function takeFlags(joined: Pieces, from: number, escape: string): { flags: Flag[]; rest: number } {
  const { text } = joined;
  const flags: Flag[] = [];
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    if (!text.startsWith('--', at)) return { flags, rest: at };
    const start = at;
    let quote = '';
    for (; at < text.length; at++) {
      const char = text[at] ?? '';
      if (quote === '' && /\s/.test(char)) break;
      if (char === escape) at++;
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
    }
    const end = Math.min(at, text.length);
    if (end - start === 2) return { flags, rest: end };
    flags.push(flag(joined, start, end));
  }
}

function flag(joined: Pieces, start: number, end: number): Flag {
  const written = joined.text.slice(start, end);
  const equals = written.indexOf('=');
  const name = written.slice(2, equals === -1 ? undefined : equals).toLowerCase();
  const value = equals === -1 ? null : word(joined, start + equals + 1, end);
  return {
    name,
    value,
    options: name === 'mount' && value !== null ? mountOptions(value) : new Map(),
    ...joined.range(start, end),
  };
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
