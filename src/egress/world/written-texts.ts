import type { Redirect, ScriptSource, Span } from '../../shell/syntax.ts';
import type { Call } from './call.ts';
import { splitOptions } from './call.ts';
import { resolvePath } from '../values/paths.ts';
import { certain } from '../values/value.ts';
import type { Origin, Value } from '../values/value.ts';

/** A text that a command writes, or the part of it that one word or here-document gives. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  /** The text as it stands in the file, and where. */
  readonly written: string;
  readonly origin: Origin | null;
  /** The text as a script with places of its own. */
  readonly source: ScriptSource;
  /** Whether all of it is known. */
  readonly sure: boolean;
}

interface Write {
  readonly path: string;
  readonly append: boolean;
  readonly content: readonly Piece[];
}

/** The files that a command writes a known text to: `echo … > FILE`, `cat > FILE <<EOF`, `… | tee FILE`. */
export function writes(call: Call): Write[] {
  const { source, command, state } = call;
  const here = command.redirects.flatMap((redirect): Piece[] => {
    if (redirect.body === null) return [];
    const text = source.text.slice(redirect.body.start, redirect.body.end);
    const range = source.range(redirect.body.start, redirect.body.end);
    const line = source.lineAt(redirect.body.start);
    const origin: Origin = { file: source.file, ...range, line, quote: 'none', place: 'script' };
    return [{ text, line, written: text, origin, source: bodySource(source, redirect.body), sure: true }];
  });
  const words = (values: readonly Value[]): Piece[] => (values.length === 0 ? [] : [pieceOf(values, call)]);
  const isEcho = call.name === 'echo' || call.name === 'printf';
  const content = here.length > 0 ? here : words(isEcho ? call.args : (state.piped ?? []));
  if (call.name === 'tee') {
    const { options, operands } = splitOptions(call.args, new Set());
    return operands.map((operand) => ({
      path: resolvePath(state.cwd, operand.text),
      append: options.has('-a') || options.has('--append'),
      content,
    }));
  }
  return command.redirects.flatMap((redirect) => {
    if (redirect.target === null || !isOutput(redirect)) return [];
    const path = call.targets.get(redirect)?.text ?? redirect.target.text;
    return [{ path: resolvePath(state.cwd, path), append: redirect.operator === '>>', content }];
  });
}

function isOutput(redirect: Redirect): boolean {
  return redirect.operator === '>' || redirect.operator === '>>' || redirect.operator === '>|';
}

/** The words of an echo as one text; its place is that of the word with the source in it. */
function pieceOf(values: readonly Value[], call: Call): Piece {
  const holder = values.find((value) => /deb|URIs|:\/\//.test(value.text)) ?? values[0];
  const origin = holder?.origin ?? null;
  const text = values.map((value) => value.text).join(' ');
  const line = origin?.place === 'script' && origin.file === call.source.file ? origin.line : call.line;
  const home = call.source.range(call.command.start, call.command.start);
  const script = text.replaceAll('\\n', '\n');
  return {
    text,
    line,
    written: holder?.text ?? '',
    origin,
    source: { file: call.source.file, text: script, range: () => home, lineAt: () => call.line },
    sure: values.every((value) => certain(value) !== null),
  };
}

/** A part of a script as a script of its own, for example a here-document. */
export function bodySource(source: ScriptSource, body: Span): ScriptSource {
  return {
    file: source.file,
    text: source.text.slice(body.start, body.end),
    range: (start, end) => source.range(body.start + start, body.start + end),
    lineAt: (offset) => source.lineAt(body.start + offset),
  };
}
