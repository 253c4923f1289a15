/**
 * Shell patterns (`*`, `?`, `\x`) in the modifiers of `${X#…}`, `${X%…}` and `${X/…/…}`.
 * Rule: buildkit frontend/dockerfile/shell/lex.go (`convertShellPatternToRegex`, `trimPrefix`, `trimSuffix`).
 * Never slower than text × pattern; null where that would be too much.
 */

interface Token {
  readonly kind: 'any' | 'one' | 'char';
  readonly char: string;
}

const MAX_STEPS = 5_000_000;

/** `${X#pattern}`, with `longest` `${X##pattern}`. */
export function matchPrefix(value: string, pattern: string, longest: boolean): string | null {
  const length = matchedLength(value, tokensOf(pattern), longest);
  return length === null ? null : value.slice(Math.max(length, 0));
}

/** `${X%pattern}`, with `longest` `${X%%pattern}`. */
export function matchSuffix(value: string, pattern: string, longest: boolean): string | null {
  const reversed = value.split('').reverse().join('');
  const length = matchedLength(reversed, tokensOf(pattern).reverse(), longest);
  return length === null ? null : value.slice(0, value.length - Math.max(length, 0));
}

/** `${X/pattern/by}`, with `all` `${X//pattern/by}`. */
export function replacePattern(value: string, pattern: string, by: string, all: boolean): string | null {
  const tokens = tokensOf(pattern);
  if (value.length * value.length * (tokens.length + 1) > MAX_STEPS) return null;
  let out = '';
  let at = 0;
  while (at < value.length) {
    const length = matchedLength(value.slice(at), tokens, true) ?? -1;
    if (length <= 0) {
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

/** Whether the whole of `text` fits the pattern. */
export function matches(text: string, pattern: string): boolean {
  return matchedLength(text, tokensOf(pattern), true) === text.length;
}

function tokensOf(pattern: string): Token[] {
  return [...pattern.matchAll(/\\([\s\S])|([\s\S])/g)].map(([, escaped, plain = '']) => {
    if (escaped !== undefined) return { kind: 'char', char: escaped };
    return { kind: plain === '*' ? 'any' : plain === '?' ? 'one' : 'char', char: plain };
  });
}

/** How much of the start of `text` the pattern fits, the most or the least; -1 where it fits nothing; null where that is too much work. */
function matchedLength(text: string, tokens: readonly Token[], longest: boolean): number | null {
  if (text.length * (tokens.length + 1) > MAX_STEPS) return null;
  let states = closed(new Set([0]), tokens);
  let found = states.has(tokens.length) ? 0 : -1;
  for (let at = 0; at < text.length && states.size > 0 && (longest || found === -1); at++) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token.kind === 'any') next.add(state);
      else if (token.kind === 'one' || token.char === text[at]) next.add(state + 1);
    }
    states = closed(next, tokens);
    if (states.has(tokens.length)) found = at + 1;
  }
  return found;
}

/** A `*` may stand for nothing. */
function closed(states: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'any') states.add(state + 1);
  return states;
}
