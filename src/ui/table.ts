import Table from 'cli-table3';
import { spoken } from './speech/speech.ts';
import { columnsOf, startOf } from './speech/columns.ts';

/** Rows as aligned columns below heads in the language of the run, two spaces apart, no lines around them: what is copied from a terminal is then only text. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: head.map(spoken),
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Cuts a text to a width, an ellipsis at its end; what people look for first in a URL or path stands at its start. */
export function cutEnd(text: string, width: number): string {
  return columnsOf(text) <= width ? text : `${startOf(text, width - 1)}…`;
}
