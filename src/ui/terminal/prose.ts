import { columnsOf } from '../speech/columns.ts';
import { wrapped } from '../../wrapped.ts';

/** Colours in front of a text. */
const PAINT = /\u001b\[[0-9;]*m/gu;
/** Blanks inside a line stand for columns: a table, or what another program printed. */
const COLUMNS = /\S {2,}\S/u;
/** What is to be pasted stays one line, which the terminal breaks and gives back whole. */
const COMMAND = /^(?:next:|下一步：|\$ |sudo |moby-build |[A-Z_]+=|[\w./-]+ (?:-|\S+ -)|printf )/u;
/** An item of a list, by its name: what follows the first line stands further in. */
const ITEM = /^[!-~]+[:：]/u;

/**
 * Breaks the sentences among these lines between words, where a terminal would break them anywhere. Tables, commands and words that
 * are longer than a line stay as they are. Pure.
 *
 * @param columns of the terminal; Infinity where it is none
 */
export function fitProse(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text;
  return text
    .split('\n')
    .flatMap((line) => fitLine(line, columns))
    .join('\n');
}

function fitLine(line: string, columns: number): readonly string[] {
  if (columnsOf(line) <= columns) return [line];
  const indent = /^ */u.exec(line)?.[0] ?? '';
  const core = line.slice(indent.length);
  const plain = core.replaceAll(PAINT, '');
  if (COLUMNS.test(plain) || COMMAND.test(plain)) return [line];
  const hanging = indent !== '' && ITEM.test(plain) ? `${indent}  ` : indent;
  return wrapped(core, columns - hanging.length).map((each, index) => `${index === 0 ? indent : hanging}${each}`);
}
