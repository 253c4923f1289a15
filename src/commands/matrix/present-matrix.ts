import { EXIT } from '../../errors.ts';
import { githubMatrix } from '../../matrix/include.ts';
import { duration } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { code, markdownTable } from '../../ui/markdown-table.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { textTable } from '../../ui/table.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { notesText } from '../patch/plan-report.ts';
import type { MatrixCell, MatrixDocument } from './document.ts';
import type { MatrixReport, RunReport } from './matrix-report.ts';

interface Style {
  readonly colours: Colours;
  readonly quiet: boolean;
  readonly line: readonly string[];
}

/** The cells, or what became of them: a table and what to do next. `--print` gives data. */
export function presentMatrix(report: MatrixReport, style: Style): Presentation {
  if (report.form === 'print') return { stdout: printedText(report), stderr: '', exitCode: EXIT.done, error: null };
  const { document, all, error } = report;
  const notes = document.notes.filter(({ level }) => !style.quiet || level === 'warning');
  const parts = [
    ...(notes.length === 0 ? [] : [notesText(notes, style.colours)]),
    ...(style.quiet && error === null
      ? []
      : [cellTable(document.cells), ...failuresText(document.cells), totalsText(document, all)]),
  ];
  return {
    stderr: parts.length === 0 ? '' : `\n${parts.join('\n\n')}\n`,
    stdout: document.dryRun || document.sums === null ? '' : `${document.directory}\n`,
    closing: error === null ? '' : `\n${formatOwnError(error, style.colours, style.line)}`,
    exitCode: error?.exitCode ?? EXIT.done,
    error,
  };
}

function printedText({ print, cells }: Extract<MatrixReport, { form: 'print' }>): string {
  switch (print) {
    case 'github':
      return `${JSON.stringify(githubMatrix(cells))}\n`;
    case 'json':
      return `${JSON.stringify(githubMatrix(cells).include, null, 2)}\n`;
    case 'table':
      return `${textTable(
        ['cell', 'ref', 'arch', 'target'],
        cells.map(({ id, ref, arch, target }) => [id, ref, arch, target]),
      )}\n`;
  }
}

const HEAD = ['cell', 'state', 'builder', 'way', 'time'];

function row({ cell, state, builder, way, seconds, why }: MatrixCell): readonly string[] {
  const words = `${tableWord(state)}${state === 'planned' && why !== null ? `: ${spoken(why)}` : ''}`;
  return [cell, words, builder ?? '-', tableWord(way ?? '-'), seconds === null ? '-' : duration(seconds)];
}

function cellTable(cells: readonly MatrixCell[]): string {
  return textTable(HEAD, cells.map(row));
}

/** Each cell that failed: why, where its log is, and the command that repeats it. Cells that failed alike are told together. */
function failuresText(cells: readonly MatrixCell[]): readonly string[] {
  const byReason = new Map<string, MatrixCell[]>();
  for (const cell of cells.filter(({ state }) => state === 'failed')) {
    const message = cell.error?.message ?? '';
    byReason.set(message, [...(byReason.get(message) ?? []), cell]);
  }
  return [...byReason].map(([message, alike]) => [message, ...alike.map(failureLines)].join('\n'));
}

function failureLines({ cell, log, tries, command }: MatrixCell): string {
  return [
    `  ${cell}${tries.length > 1 ? `, tried on ${tries.map(({ builder }) => builder).join(', ')}` : ''}:`,
    ...(log === null ? [] : [`    log: ${log}`]),
    `    again: ${command}`,
  ].join('\n');
}

function totalsText({ totals, sums, seconds, dryRun }: MatrixDocument, all: number): string {
  const { cells, built, kept, failed, left } = totals;
  const planned = cells - built - kept - failed - left;
  const counts = [
    ...(dryRun ? [spoken(`${String(planned)} to build`)] : [spoken(`${String(built)} built`)]),
    spoken(`${String(kept)} kept from before`),
    spoken(`${String(failed)} failed`),
    ...(left === 0 ? [] : [spoken(`${String(left)} not begun`)]),
  ];
  const shard = cells === all ? '' : spoken(` (of ${String(all)} in all shards)`);
  return [
    `${spoken(`${String(cells)} ${cells === 1 ? 'cell' : 'cells'}`)}${shard}: ${counts.join(', ')}, ${spoken(`in ${duration(seconds)}`)}.`,
    ...(sums === null ? [] : [spoken(`Checksums of all binaries: ${sums}`)]),
  ].join('\n');
}

/** The summary of a run in Markdown, for an issue or the page of a workflow. Pure. */
export function markdownSummary({ document, all }: RunReport): string {
  const rows = document.cells.map((cell) => row(cell).map((text) => code(text)));
  const failed = document.cells.filter(({ state }) => state === 'failed');
  return [
    '### moby-build matrix',
    '',
    markdownTable(HEAD, rows),
    '',
    totalsText(document, all).split('\n')[0] ?? '',
    ...failed.flatMap(({ cell, error, command }) => [
      '',
      `**${code(cell)}**: ${code(error?.message.split('\n')[0] ?? '')}`,
      '',
      ...command.split('\n').map((line) => `    ${line}`),
    ]),
    '',
  ].join('\n');
}
