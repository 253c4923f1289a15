import stringWidth from 'string-width';
import { wrapped } from '../../wrapped.ts';

/** The width of every page: what a terminal of the oldest kind has. */
export const PAGE_COLUMNS = 80;

/** Two columns: what a thing is called, and its text, which starts in one place for all. `indent`: where names start; `column`: where texts do. */
export function entry(name: string, text: string, indent: number, column: number): string {
  const lines = wrapped(text, PAGE_COLUMNS - column);
  const head = `${' '.repeat(indent)}${name}`;
  const rest = lines.map((line) => ' '.repeat(column) + line);
  const room = column - stringWidth(head);
  if (room < 2) return [head, ...rest].join('\n');
  const [first = ''] = lines;
  return [`${head}${' '.repeat(room)}${first}`.trimEnd(), ...rest.slice(1)].join('\n');
}
