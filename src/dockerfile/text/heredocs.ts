import type { Heredoc } from './dockerfile.ts';
import { MobyBuildError } from '../../errors.ts';
import { expand } from './expand.ts';
import type { Pieces } from './join-lines.ts';
import { splitQuoted } from './split-words.ts';
import { dockerfileSyntaxError } from './syntax-error.ts';

const OPERATOR = /^\d*<<(-?)([^<]+)$/;

/**
 * The here-documents that a logical line announces, with their bodies, which follow it line by line.
 * Out: the heredocs and the end of the last terminator (`end` where there is none).
 * Throws exit 4 where one is not ended.
 * Rule: buildkit frontend/dockerfile/parser/parser.go (`heredocsFromLine`, `ParseHeredoc`, `reHeredoc`).
 */
export function takeHeredocs(
  source: { readonly file: string; readonly text: string; readonly escape: string; lineAt(offset: number): number },
  joined: Pieces,
  end: number,
): { heredocs: Heredoc[]; end: number } {
  const { text } = source;
  const heredocs: Heredoc[] = [];
  let at = end;
  if (!joined.text.includes('<<')) return { heredocs, end };
  // BuildKit lexes the line as a word of its own with `\` for escape, whatever the directive says, and finds none where that fails.
  if (expanded(joined.text) === null) return { heredocs, end };
  for (const word of splitQuoted(joined, '\\')) {
    const match = OPERATOR.exec(word.text);
    if (match === null) continue;
    const written = match[2] ?? '';
    const name = written.includes('$') ? written.replaceAll(/["']/g, '') : (expanded(written) ?? '');
    if (name === '') continue;
    const tabs = match[1] === '-';
    const start = nextLine(text, at);
    let line = start;
    for (;;) {
      if (line === null)
        throw dockerfileSyntaxError(source.file, source.lineAt(word.start), `the heredoc ${name} is not ended`);
      const stop = lineEnd(text, line);
      const content = text.slice(line, stop);
      if ((tabs ? content.replace(/^\t+/, '') : content) === name) {
        heredocs.push({
          name,
          expands: countQuotes(name) === countQuotes(written),
          tabs,
          body: { start: start ?? line, end: line },
          whole: { start: start ?? line, end: stop },
        });
        at = stop;
        break;
      }
      line = nextLine(text, stop);
    }
  }
  return { heredocs, end: at };
}

function expanded(text: string): string | null {
  try {
    return expand(text, () => undefined);
  } catch (error) {
    if (error instanceof MobyBuildError) return null;
    throw error;
  }
}

function countQuotes(text: string): number {
  return text.replaceAll(/[^"']/g, '').length;
}

function nextLine(text: string, at: number): number | null {
  const lineBreak = text.indexOf('\n', at);
  return lineBreak === -1 || lineBreak + 1 >= text.length ? null : lineBreak + 1;
}

function lineEnd(text: string, at: number): number {
  const lineBreak = text.indexOf('\n', at);
  let stop = lineBreak === -1 ? text.length : lineBreak;
  while (stop > at && text[stop - 1] === '\r') stop--;
  return stop;
}
