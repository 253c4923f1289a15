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
  const span = withoutContinuation(shift(word), word);
  const text = word.text.replace(CONTINUATION, '');
  const parts = (word.parts ?? []).flatMap((part) => convertPart(part, 'none', shift, convert));
  const { quote, inner } = outerQuote(text, word.parts ?? [], span);
  if (parts.length === 0)
    parts.push({ kind: 'literal', value: word.value, quote: quote === 'mixed' ? 'none' : quote, span });
  return { ...span, text, parts, quote, inner, expands: parts.some((part) => part.kind !== 'literal') };
}

/** unbash counts a continuation right behind a word in; an edit of the word would take the continuation with it. */
const CONTINUATION = /(?:\\\n)+$/;

/** The range without it. A word in decoded backquotes stands where they stand, and keeps their range. */
function withoutContinuation(span: Span, word: unbash.Word): Span {
  const surplus = CONTINUATION.exec(word.text)?.[0].length ?? 0;
  return span.end - span.start === word.text.length ? { start: span.start, end: span.end - surplus } : span;
}

/** Only a word that is one quoted piece from end to end has an inner range shorter than itself. */
function outerQuote(
  text: string,
  parts: readonly unbash.WordPart[],
  span: Span,
): { quote: Word['quote']; inner: Span } {
  if (!/["']/.test(text)) return { quote: 'none', inner: span };
  const inner = { start: span.start + 1, end: span.end - 1 };
  const [only, ...others] = parts;
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
      return [
        {
          kind: 'parameter',
          name: part.text.slice(1),
          prefix: '',
          index: null,
          inside: [],
          operation: null,
          quote,
          span,
        },
      ];
    case 'ParameterExpansion':
      return [
        {
          kind: 'parameter',
          name: part.parameter,
          prefix: part.prefix ?? '',
          index: part.index?.text ?? null,
          inside: part.index === undefined ? [] : [convertWord(part.index, shift, convert)],
          operation: part.operation === undefined ? null : convertOperation(part.operation, shift, convert),
          quote,
          span,
        },
      ];
    case 'CommandExpansion':
      return [
        part.script === undefined
          ? { kind: 'other', body: null, inside: [], assigns: [], quote, span }
          : { kind: 'command', body: convert(part.script, own(part.script, shift, span)), quote, span },
      ];
    case 'ProcessSubstitution':
      return [
        {
          kind: 'other',
          body: part.script === undefined ? null : convert(part.script, shift),
          inside: [],
          assigns: [],
          quote,
          span,
        },
      ];
    case 'Glob':
      return [{ kind: 'literal', value: part.text, quote, span }];
    case 'ArithmeticExpansion':
      return [
        {
          kind: 'other',
          body: null,
          inside: arithmeticParts(part.expression, shift, convert),
          assigns: assignedNames(part.expression),
          quote,
          span,
        },
      ];
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return [
        { kind: 'other', body: null, inside: partsOf(part.parts, quote, shift, convert), assigns: [], quote, span },
      ];
  }
}

function partsOf(
  parts: readonly unbash.WordPart[] | undefined,
  quote: Quote,
  shift: Shift,
  convert: ConvertScript,
): Part[] {
  return (parts ?? []).flatMap((part) => convertPart(part, quote, shift, convert));
}

/** What is expanded inside an arithmetic expression: its value is not followed, its commands run. */
export function arithmeticParts(
  expression: unbash.ArithmeticExpression | undefined,
  shift: Shift,
  convert: ConvertScript,
): Part[] {
  const inside = (...children: unbash.ArithmeticExpression[]): Part[] =>
    children.flatMap((child) => arithmeticParts(child, shift, convert));
  switch (expression?.type) {
    case undefined:
      return [];
    case 'ArithmeticBinary':
      return inside(expression.left, expression.right);
    case 'ArithmeticUnary':
      return inside(expression.operand);
    case 'ArithmeticTernary':
      return inside(expression.test, expression.consequent, expression.alternate);
    case 'ArithmeticGroup':
      return inside(expression.expression);
    case 'ArithmeticWord':
      return partsOf(expression.parts, 'double', shift, convert);
    case 'ArithmeticCommandExpansion':
      // `script` is read on demand: a spread alone would lose it.
      return convertPart(
        { ...expression, script: expression.script, type: 'CommandExpansion' },
        'double',
        shift,
        convert,
      );
  }
}

/** The variables that an arithmetic expression changes: `x = 1`, `x += 1`, `x++`. */
export function assignedNames(expression: unbash.ArithmeticExpression | undefined): string[] {
  switch (expression?.type) {
    case 'ArithmeticBinary': {
      const isAssignment = /^(?:[-+*/%&|^]|<<|>>)?=$/.test(expression.operator);
      return [
        ...(isAssignment ? namesIn(expression.left) : []),
        ...[expression.left, expression.right].flatMap(assignedNames),
      ];
    }
    case 'ArithmeticUnary':
      return /^(?:\+\+|--)$/.test(expression.operator)
        ? namesIn(expression.operand)
        : assignedNames(expression.operand);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap(assignedNames);
    case 'ArithmeticGroup':
      return assignedNames(expression.expression);
    default:
      return [];
  }
}

/** The name at the start of a word, `a` of `a[i]`. */
function namesIn(expression: unbash.ArithmeticExpression): string[] {
  if (expression.type === 'ArithmeticGroup') return namesIn(expression.expression);
  return expression.type === 'ArithmeticWord' ? (/^[A-Za-z_]\w*/.exec(expression.value)?.slice(0, 1) ?? []) : [];
}

/** See `Shift`. */
function own(script: unbash.Script, shift: Shift, home: Span): Shift {
  return script.source === undefined ? shift : () => home;
}

function convertOperation(operation: unbash.ParameterOperation, shift: Shift, convert: ConvertScript): Operation {
  const words = (...list: (unbash.Word | undefined)[]): Word[] =>
    list.flatMap((word) => (word === undefined ? [] : [convertWord(word, shift, convert)]));
  switch (operation.type) {
    case 'Default':
    case 'Remove':
      return { operator: operation.operator, operand: convertWord(operation.operand, shift, convert), others: [] };
    case 'Replace':
      return { operator: 'other', operand: null, others: words(operation.pattern, operation.replacement) };
    case 'Slice':
      return { operator: 'slice', operand: null, others: words(operation.offset, operation.length) };
    case 'CaseModification':
    case 'Transform':
      return { operator: 'other', operand: null, others: words(operation.operand) };
    case 'Names':
    case 'Unknown':
      return { operator: 'other', operand: null, others: [] };
  }
}
