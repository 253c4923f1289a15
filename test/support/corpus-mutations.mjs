// @ts-check
import fc from 'fast-check';

/**
 * Changes to the lines of a text, each of a kind that people, editors and merges make. Given to `mutate` in order.
 *
 * @typedef {{kind: string, at: number, with: string}} Mutation
 */

const comments = ['# a comment', '   # indented \\', '#', '', '   ', '\t# "quote'];

/**
 * @param {readonly string[]} tokens what may be put into a line
 * @param {number} max
 * @returns {fc.Arbitrary<Mutation[]>}
 */
export function mutations(tokens, max) {
  /** @param {string} kind @param {readonly string[]} values */
  const one = (kind, values) =>
    fc.record({ kind: fc.constant(kind), at: fc.nat(100_000), with: fc.constantFrom(...values) });
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: one('line', comments) },
      { weight: 4, arbitrary: one('token', tokens) },
      { weight: 2, arbitrary: one('drop-character', ['']) },
      { weight: 1, arbitrary: one('drop-line', ['']) },
      { weight: 1, arbitrary: one('double-line', ['']) },
      { weight: 1, arbitrary: one('swap-lines', ['']) },
      { weight: 1, arbitrary: one('trailing', [' ', '\t', ' \\', '\\\\', '`']) },
      { weight: 1, arbitrary: one('cut', ['']) },
      { weight: 1, arbitrary: one('no-last-line-break', ['']) },
    ),
    { maxLength: max },
  );
}

/**
 * @param {string} text
 * @param {readonly Mutation[]} list
 */
export function mutate(text, list) {
  // Half of a surrogate pair is no text: it does not survive the way through a file.
  return list.reduce(mutateOnce, text).replace(/\p{Surrogate}/gu, '');
}

/**
 * @param {string} text
 * @param {Mutation} mutation
 * @returns {string}
 */
function mutateOnce(text, { kind, at, with: put }) {
  const lines = text.split('\n');
  const line = at % lines.length;
  const offset = at % (text.length + 1);
  switch (kind) {
    case 'line':
      return lines.toSpliced(line, 0, put).join('\n');
    case 'token':
      return text.slice(0, offset) + put + text.slice(offset);
    case 'drop-character':
      return text.slice(0, offset) + text.slice(offset + 1);
    case 'drop-line':
      return lines.toSpliced(line, 1).join('\n');
    case 'double-line':
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
    case 'swap-lines':
      return lines.toSpliced(line, 2, ...lines.slice(line, line + 2).reverse()).join('\n');
    case 'trailing':
      return lines.with(line, (lines[line] ?? '') + put).join('\n');
    case 'cut':
      return at % 4 === 0 ? text.slice(0, offset) : text;
    case 'no-last-line-break':
      return text.replace(/\n+$/, '');
    default:
      throw new Error(`no mutation ${kind}`);
  }
}
