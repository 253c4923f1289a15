import { spoken } from './speech/speech.ts';
import { visible } from './visible.ts';

/** A table of GitHub Flavored Markdown (https://github.github.com/gfm/#tables-extension-), its heads in the language of the run: nothing is cut, and nothing in a cell is markup. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head.map(spoken)), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * A text as code, so that `<debian default>`, `_` and `*` are shown and no name is a mention. A pipe would end the cell even in code, so it is
 * escaped, which a table takes back (GFM 4.10); a backtick is kept by a longer fence (6.3).
 */
export function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|');
  if (shown === '') return '';
  const longest = Math.max(0, ...(shown.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || /^ .* $/u.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
