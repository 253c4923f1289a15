import type { Joined, Word } from './dockerfile.ts';
import { isSpace } from './white-space.ts';

/** Cuts at blanks, as BuildKit does for FROM, COPY and ADD (parser.go, `reWhitespace`): a no-break space stays inside a word. */
export function splitFields(joined: Joined): Word[] {
  return [...joined.text.matchAll(/[^\t\v\f\r ]+/g)].map((match) =>
    word(joined, match.index, match.index + match[0].length),
  );
}

/**
 * Cuts at white space outside quotes, as BuildKit does for ARG, ENV and heredoc names.
 * Rule: buildkit frontend/dockerfile/parser/line_parsers.go (`parseWords`).
 */
export function splitQuoted(joined: Joined, escape: string): Word[] {
  const words: Word[] = [];
  const { text } = joined;
  let start = -1;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (start === -1) {
      if (isSpace(char)) continue;
      start = at;
    }
    if (quote === '' && isSpace(char)) {
      words.push(word(joined, start, at));
      start = -1;
      continue;
    }
    if (char === escape && quote !== "'") at++;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  if (start !== -1) words.push(word(joined, start, text.length));
  return words;
}

export function word(joined: Joined, start: number, end: number): Word {
  return { text: joined.text.slice(start, end), ...joined.range(start, end) };
}
