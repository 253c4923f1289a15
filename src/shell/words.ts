import type * as unbash from 'unbash';
import type { Operation, Part, Quote, Script, Span, Word } from './syntax.ts';

/** Turns the script of a substitution into ours; given by `convert.ts`, for the two need each other. */
export type ConvertScript = (script: unbash.Script, shift: Shift) => Script;

/**
 * Moves a position of unbash to an offset of the parsed text. A script in backticks that holds escapes has a decoded text of
 * its own: all of it stands where the substitution stands.
 */
export type Shift = (span: { readonly pos: number; readonly end: number }) => Span;

/** A word of unbash with its parts, quotes and inner range. */
export function convertWord(word: unbash.Word, shift: Shift, convert: ConvertScript): Word {
  const span = shift(word);
  const parts = (word.parts ?? []).flatMap((part) => convertPart(part, 'none', shift, convert));
  const { quote, inner } = outerQuote(word, span);
  if (parts.length === 0)
    parts.push({ kind: 'literal', value: word.value, quote: quote === 'mixed' ? 'none' : quote, span });
  return { ...span, text: word.text, parts, quote, inner, expands: parts.some((part) => part.kind !== 'literal') };
}

/** Only a word that is one quoted piece from end to end has an inner range shorter than itself. */
function outerQuote(word: unbash.Word, span: Span): { quote: Word['quote']; inner: Span } {
  const { text } = word;
  if (!/["']/.test(text)) return { quote: 'none', inner: span };
  const inner = { start: span.start + 1, end: span.end - 1 };
  const [only, ...others] = word.parts ?? [];
  if (only === undefined) {
    // A word without expansions has no parts: only its text tells.
    if (/^'[^']*'$/.test(text)) return { quote: 'single', inner };
    if (/^"(?:[^"\\]|\\[\s\S])*"$/.test(text)) return { quote: 'double', inner };
  } else if (others.length === 0) {
    if (only.type === 'SingleQuoted') return { quote: 'single', inner };
    if (only.type === 'DoubleQuoted') return { quote: 'double', inner };
    // The only quotes are inside one expansion: `${X:-"a"}`.
    if (only.type === 'ParameterExpansion' || only.type === 'CommandExpansion') return { quote: 'none', inner: span };
  }
  return { quote: 'mixed', inner: span };
}

export function convertPart(part: unbash.WordPart, quote: Quote, shift: Shift, convert: ConvertScript): Part[] {
  const span = shift(part);
  switch (part.type) {
    case 'Literal':
      return [{ kind: 'literal', value: part.value, quote, span }];
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [{ kind: 'literal', value: part.value, quote: 'single', span }];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inside = part.parts.flatMap((child) => convertPart(child, 'double', shift, convert));
      return inside.length > 0 ? inside : [{ kind: 'literal', value: '', quote: 'double', span }];
    }
    case 'SimpleExpansion':
      return [{ kind: 'parameter', name: part.text.slice(1), prefix: '', index: null, operation: null, quote, span }];
    case 'ParameterExpansion':
      return [
        {
          kind: 'parameter',
          name: part.parameter,
          prefix: part.prefix ?? '',
          index: part.index?.text ?? null,
          operation: part.operation === undefined ? null : convertOperation(part.operation, shift, convert),
          quote,
          span,
        },
      ];
    case 'CommandExpansion':
      return [
        part.script === undefined
          ? { kind: 'other', body: null, quote, span }
          : { kind: 'command', body: convert(part.script, own(part.script, shift, span)), quote, span },
      ];
    case 'ProcessSubstitution':
      return [{ kind: 'other', body: part.script === undefined ? null : convert(part.script, shift), quote, span }];
    case 'Glob':
      return [{ kind: 'literal', value: part.text, quote, span }];
    case 'ArithmeticExpansion':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return [{ kind: 'other', body: null, quote, span }];
  }
}

/** See `Shift`. */
function own(script: unbash.Script, shift: Shift, home: Span): Shift {
  return script.source === undefined ? shift : () => home;
}

function convertOperation(operation: unbash.ParameterOperation, shift: Shift, convert: ConvertScript): Operation {
  if (operation.type === 'Default' || operation.type === 'Remove') {
    return { operator: operation.operator, operand: convertWord(operation.operand, shift, convert) };
  }
  return { operator: 'other', operand: null };
}
