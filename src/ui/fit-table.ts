import { spoken } from './speech/speech.ts';
import { textTable } from './table.ts';
import { columnsOf, endOf, startOf } from './speech/columns.ts';

/** One column of a table that has to fit. */
export interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  /** The narrowest it may become; its texts then lose their middle. */
  readonly least: number;
  /** Colours a cell that has its final width. */
  readonly paint?: ((text: string, row: number) => string) | undefined;
}

const SPACING = 2;

/** A table in the language of the run that is never wider than `width`, and never wider than it needs; the column with most to spare gives way first. One line a row. */
export function fitTable(columns: readonly Column[], width: number): string {
  const heads = columns.map(({ head }) => spoken(head));
  // A word alone may be a name.
  const texts = columns.map(({ cells }) => cells.map((cell) => (cell.includes(' ') ? spoken(cell) : cell)));
  const widths = texts.map((cells, index) => Math.max(...[heads[index] ?? '', ...cells].map(columnsOf)));
  const spare = (index: number): number => (widths[index] ?? 0) - (columns[index]?.least ?? 0);
  let over = widths.reduce((sum, each) => sum + each, 0) + SPACING * (columns.length - 1) - width;
  for (; over > 0; over -= 1) {
    const widest = columns.map((_, index) => index).reduce((a, b) => (spare(b) > spare(a) ? b : a), 0);
    if (spare(widest) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const cut = (text: string, index: number): string => cutMiddle(text, widths[index] ?? 0);
  const rows = (columns[0]?.cells ?? []).map((_, row) =>
    columns.map(({ paint }, index) => {
      const text = cut(texts[index]?.[row] ?? '', index);
      return paint === undefined ? text : paint(text, row);
    }),
  );
  return textTable(heads.map(cut), rows);
}

/** Cuts a text to a width, an ellipsis in its middle: of a URL both the host and the name at its end are looked for. */
export function cutMiddle(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const start = Math.ceil((width - 1) / 2);
  const end = Math.max(0, width - 1 - start);
  return `${startOf(text, start)}…${endOf(text, end)}`;
}
