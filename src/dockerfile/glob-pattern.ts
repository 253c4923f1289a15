/**
 * Shell patterns (`*`, `?`, `\x`) in the modifiers of `${X#…}`, `${X%…}` and `${X/…/…}`.
 * Rule: buildkit frontend/dockerfile/shell/lex.go (`convertShellPatternToRegex`, `trimPrefix`, `trimSuffix`).
 */

/** `${X#pattern}`, with `longest` `${X##pattern}`. */
export function matchPrefix(value: string, pattern: string, longest: boolean): string {
  for (const length of lengths(value.length, longest)) {
    if (matches(value.slice(0, length), pattern)) return value.slice(length);
  }
  return value;
}

/** `${X%pattern}`, with `longest` `${X%%pattern}`. */
export function matchSuffix(value: string, pattern: string, longest: boolean): string {
  for (const length of lengths(value.length, longest)) {
    if (matches(value.slice(value.length - length), pattern)) return value.slice(0, value.length - length);
  }
  return value;
}

/** `${X/pattern/by}`, with `all` `${X//pattern/by}`. */
export function replacePattern(value: string, pattern: string, by: string, all: boolean): string {
  let out = '';
  let at = 0;
  while (at < value.length) {
    const length = lengths(value.length - at, true).find(
      (size) => size > 0 && matches(value.slice(at, at + size), pattern),
    );
    if (length === undefined) {
      out += value[at] ?? '';
      at++;
      continue;
    }
    out += by;
    at += length;
    if (!all) break;
  }
  return out + value.slice(at);
}

function lengths(max: number, longest: boolean): number[] {
  const all = Array.from({ length: max + 1 }, (_, length) => length);
  return longest ? all.reverse() : all;
}

/** Whether the whole of `text` fits the pattern; linear in memory and at worst text × pattern in time, never exponential. */
export function matches(text: string, pattern: string): boolean {
  const tokens = [...pattern.matchAll(/\\([\s\S])|([\s\S])/g)].map((match) => ({ literal: match[1], plain: match[2] }));
  let states = new Set([0]);
  const close = (set: Set<number>): Set<number> => {
    for (const state of set) if (tokens[state]?.plain === '*') set.add(state + 1);
    return set;
  };
  close(states);
  for (const char of text) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token.plain === '*') next.add(state);
      else if (token.plain === '?' || token.plain === char || token.literal === char) next.add(state + 1);
    }
    states = close(next);
    if (states.size === 0) return false;
  }
  return states.has(tokens.length);
}
