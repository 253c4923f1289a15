import type { Assignment, Instruction, Joined, Word } from './text/dockerfile.ts';
import { takeFlags } from './text/flags.ts';
import { takeHeredocs } from './text/heredocs.ts';
import { joinLines } from './text/join-lines.ts';
import { splitFields, splitQuoted, word } from './text/split-words.ts';
import { dockerfileSyntaxError } from './text/syntax-error.ts';
import { skipSpace, trimmedEnd } from './text/white-space.ts';

const ASSIGNING = new Set(['ARG', 'ENV']);
const WITH_HEREDOCS = new Set(['RUN', 'COPY', 'ADD']);

/** The file that an instruction stands in. */
export interface InstructionSource {
  readonly file: string;
  readonly text: string;
  readonly escape: string;
  lineAt(offset: number): number;
}

/**
 * Reads the instruction that starts at `start`.
 * Throws exit 4 where a heredoc is not ended, and for ENV and LABEL with a word that is no `name=value`.
 */
export function readInstruction(source: InstructionSource, start: number): Instruction {
  const { text, escape } = source;
  const { joined, end: lineEnd } = joinLines(text, start, escape);
  // The first line may hold nothing but the escape character; the keyword then stands in the next one, indented as it likes.
  const keywordStart = skipSpace(joined.text, 0);
  const keywordEnd = keywordStart + (/^[^\t\v\f\r ]*/.exec(joined.text.slice(keywordStart))?.[0].length ?? 0);
  const keyword = joined.text.slice(keywordStart, keywordEnd).toUpperCase();
  const { flags, rest } = takeFlags(joined, keywordEnd, escape);
  const bodyEnd = Math.max(rest, trimmedEnd(joined.text));
  const body = joined.slice(rest, bodyEnd);
  const heredocKeyword = keyword === 'ONBUILD' ? (/^[^\t\v\f\r ]*/.exec(body.text)?.[0].toUpperCase() ?? '') : keyword;
  const { heredocs, end } = WITH_HEREDOCS.has(heredocKeyword)
    ? takeHeredocs(source, joined, lineEnd)
    : { heredocs: [], end: lineEnd };
  const assignments =
    ASSIGNING.has(keyword) || (keyword === 'LABEL' && body.text !== '')
      ? readAssignments(source, keyword, body, source.lineAt(start))
      : [];
  return {
    keyword,
    start,
    end,
    line: source.lineAt(start),
    endLine: source.lineAt(end),
    flags,
    rest: body,
    words: splitFields(body),
    json: jsonForm(body.text),
    // LABEL is held to the form of ENV; it sets no variables.
    assignments: keyword === 'LABEL' ? [] : assignments,
    heredocs,
  };
}

function jsonForm(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Not JSON: BuildKit then takes the text for the shell form.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return Array.isArray(value) && value.every((item): item is string => typeof item === 'string') ? value : null;
}

/** Rule: buildkit line_parsers.go (`parseNameVal`): ENV and LABEL also know the old form `ENV NAME value with spaces`. */
function readAssignments(source: InstructionSource, keyword: string, body: Joined, line: number): Assignment[] {
  const words = splitQuoted(body, source.escape);
  const [first] = words;
  if (first === undefined) throw dockerfileSyntaxError(source.file, line, `${keyword} without a name`);
  if (keyword !== 'ARG' && !first.text.includes('=')) {
    const match = /^([^\t\v\f\r ]+)[\t\v\f\r ]+(.*)$/s.exec(body.text);
    if (match === null) throw dockerfileSyntaxError(source.file, line, `${keyword} must have two arguments`);
    return [assignment(match[1] ?? '', word(body, body.text.length - (match[2] ?? '').length, body.text.length))];
  }
  let from = 0;
  return words.map((item) => {
    const at = body.text.indexOf(item.text, from);
    from = at + item.text.length;
    const equals = item.text.indexOf('=');
    if (equals === -1 && keyword !== 'ARG')
      throw dockerfileSyntaxError(source.file, line, `${keyword} has a word without =: ${item.text.slice(0, 40)}`);
    if (equals === -1) return { name: item.text, value: null, inner: null };
    return assignment(item.text.slice(0, equals), word(body, at + equals + 1, at + item.text.length));
  });
}

function assignment(name: string, value: Word): Assignment {
  const quote = value.text[0] ?? '';
  const quoted =
    (quote === '"' || quote === "'") && value.text.length > 1 && value.text.indexOf(quote, 1) === value.text.length - 1;
  return {
    name,
    value,
    inner: quoted ? { start: value.start + 1, end: value.end - 1 } : { start: value.start, end: value.end },
  };
}
