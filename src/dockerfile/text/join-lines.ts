import type { Joined, Range } from './dockerfile.ts';
import { skipSpace } from './white-space.ts';

/** One piece of joined text: `at` in the joined text, `from` in the file. */
interface Piece {
  readonly at: number;
  readonly from: number;
}

export class Pieces implements Joined {
  readonly text: string;
  readonly #pieces: readonly Piece[];

  constructor(text: string, pieces: readonly Piece[]) {
    this.text = text;
    this.#pieces = pieces;
  }

  /** Where the character at `offset` of the joined text stands in the file. */
  offset(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    return piece === undefined ? 0 : piece.from + (offset - piece.at);
  }

  range(start: number, end: number): Range {
    const from = this.offset(start);
    return { start: from, end: end > start ? this.offset(end - 1) + 1 : from };
  }

  /** The part from `start` on. */
  slice(start: number, end: number = this.text.length): Pieces {
    const inside = this.#pieces.filter((piece) => piece.at > start && piece.at < end);
    return new Pieces(this.text.slice(start, end), [
      { at: 0, from: this.offset(start) },
      ...inside.map((piece) => ({ at: piece.at - start, from: piece.from })),
    ]);
  }
}

/**
 * The logical line that starts at `start`, as BuildKit joins it: a line that ends in a single escape character goes on in
 * the next one, comment lines and blank lines between are dropped.
 * Out: the joined text and the end (exclusive) of the last line that was read, without its line break.
 * Rule: buildkit frontend/dockerfile/parser/parser.go (`trimContinuationCharacter`, `reContinuation`, `isEmptyContinuationLine`).
 */
export function joinLines(text: string, start: number, escape: string): { joined: Pieces; end: number } {
  const pieces: Piece[] = [];
  const parts: string[] = [];
  let length = 0;
  let at = start;
  let end = start;
  let first = true;
  for (;;) {
    const lineBreak = text.indexOf('\n', at);
    const next = lineBreak === -1 ? text.length : lineBreak;
    let stop = next;
    while (stop > at && text[stop - 1] === '\r') stop--;
    const line = text.slice(at, stop);
    const skipped = !first && isSkipped(line);
    let continued = skipped;
    if (!skipped) {
      const keep = continuedLength(line, escape);
      continued = keep !== null;
      const piece = keep === null ? line : line.slice(0, keep);
      if (piece.length > 0) {
        pieces.push({ at: length, from: at });
        parts.push(piece);
        length += piece.length;
      }
    }
    // A skipped line counts where the file ends with it: BuildKit has read it for this instruction.
    end = stop;
    first = false;
    at = next + 1;
    if (!continued || at >= text.length) break;
  }
  if (pieces.length === 0) pieces.push({ at: 0, from: start });
  return { joined: new Pieces(parts.join(''), pieces), end };
}

function isSkipped(line: string): boolean {
  const start = skipSpace(line, 0);
  return start === line.length || line.charAt(start) === '#';
}

/** The length of a line without its continuation mark, or null when the next line does not belong to it. */
function continuedLength(line: string, escape: string): number | null {
  let last = line.length;
  while (last > 0 && (line[last - 1] === ' ' || line[last - 1] === '\t')) last--;
  if (last === 0 || line[last - 1] !== escape) return null;
  return last >= 2 && line[last - 2] === escape ? null : last - 1;
}
