import { code, markdownTable } from '../../ui/markdown-table.ts';
import { visible } from '../../ui/visible.ts';
import type { Block, Cell, Content, Section, TableBlock } from '../content/blocks.ts';
import { fill, type Sentences } from '../content/sentences.ts';

/** A job summary of GitHub may have 1 MiB; the rest of it is for whoever writes there too. */
const MOST_BYTES = 900_000;
/** Rows of one table, and characters of one cell: 400 steps of a whole script each would be too much to read. */
const MOST_ROWS = 100;
const LONGEST_CELL = 300;

/**
 * A report as GitHub Flavored Markdown, under 1 MiB: long tables are cut, and say so; a report that is still too long loses its last
 * sections. Nothing of a build becomes markup. Pure.
 */
export function markdownReport({ title, summary, sections }: Content, say: Sentences): string {
  const mark = { good: '✅ ', bad: '❌ ', warn: '⚠️ ', quiet: '' }[summary.mark ?? 'quiet'];
  let text = `# ${escaped(title)}\n\n${mark}${escaped(summary.text)}\n`;
  for (const section of sections) {
    const more = `\n${sectionText(section, say)}\n`;
    if (Buffer.byteLength(text) + Buffer.byteLength(more) > MOST_BYTES) break;
    text += more;
  }
  return text;
}

function sectionText({ title, blocks }: Section, say: Sentences): string {
  const parts = blocks.map((block) => blockText(block, say)).filter((part) => part !== '');
  return [`## ${escaped(title)}`, ...parts].join('\n\n');
}

function blockText(block: Block, say: Sentences): string {
  switch (block.is) {
    case 'text':
      return escaped(block.text);
    case 'facts':
      return block.rows.map(([name, value]) => `- ${escaped(name)}: ${cellText(value)}`).join('\n');
    case 'lines':
      return fenced(block.text);
    case 'table':
      return tableText(block, say);
    case 'timeline':
      return '';
  }
}

function tableText({ head, rows }: TableBlock, say: Sentences): string {
  const table = markdownTable(
    head.map(escaped),
    rows.slice(0, MOST_ROWS).map((row) => row.map(cellText)),
  );
  const left = rows.length - MOST_ROWS;
  return left > 0 ? `${table}\n\n${fill(say.more, { count: left })}` : table;
}

function cellText(cell: Cell): string {
  const short = cell.text.length > LONGEST_CELL ? `${cell.text.slice(0, LONGEST_CELL)}…` : cell.text;
  return cell.code === true ? code(short) : escaped(short);
}

/** Lines as they are, behind a fence that none of them ends. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...text.split('\n').map(visible), fence].join('\n');
}

/** Every character that begins something in Markdown or HTML; `@` would call somebody, `#` name an issue, and a bare address become a link. */
function escaped(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]#|~!]/gu, String.raw`\$&`)
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./giu, 'www&#46;');
}
