import type { BinaryFacts, CheckResult } from '../../types.ts';
import { duration, size } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { fitTable } from '../../ui/fit-table.ts';
import { columnsOf } from '../../ui/speech/columns.ts';
import { wrapped } from '../../wrapped.ts';
import { cutEnd, textTable } from '../../ui/table.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { visible } from '../../ui/visible.ts';
import { outcomeCount, outcomeWord } from '../context/outcome-word.ts';

/**
 * Checks for people: one line each, then what mends the ones that did not pass, then the count. Ends with a line break.
 * The outcome is a word, so that it is there without colours and for a screen reader.
 */
export function checkReport(checks: readonly CheckResult[], colours: Colours, columns: number): string {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(columnsOf));
  const words = checks.map(({ result }) => outcomeWord(result, colours));
  const titles = checks.map(({ title }) => spoken(visible(title)));
  const left = Math.max(LEAST_SEEN, columns - widest(words) - widest(titles) - 2 * SPACING);
  // Names of files, and what programs say, are somebody else's text.
  const rows = checks.map(({ seen }, row) => [
    words[row] ?? '',
    titles[row] ?? '',
    Number.isFinite(left) ? wrapped(seenText(seen), left).join('\n') : seenText(seen),
  ]);
  const fixes = checks.filter(
    (check) => check.fix !== null && (check.result === 'failed' || check.result === 'warning'),
  );
  const sections = [
    textTable(['', 'check', 'seen'], rows),
    ...(fixes.length > 0 ? [fixes.map((check) => `${spoken(check.title)}:\n  ${check.fix ?? ''}`).join('\n')] : []),
    countLine(checks),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Between the columns of a table, and the least room for what was seen. */
const SPACING = 2;
const LEAST_SEEN = 24;

function countLine(checks: readonly CheckResult[]): string {
  const seconds = checks.reduce((sum, check) => sum + check.seconds, 0);
  const parts = (['ok', 'warning', 'failed', 'skipped'] as const).flatMap((outcome) => {
    const count = checks.filter((check) => check.result === outcome).length;
    return count === 0 ? [] : [outcomeCount(count, outcome)];
  });
  return parts.length === 0 ? 'Nothing was checked.' : `${parts.join(', ')} (${duration(seconds)})`;
}

/** As much of `--version` as tells one build from another; with the other columns it fits 100. */
const SAYS_WIDTH = 40;

/** The binaries as a table; `verbose` shows whole checksums, and is then as wide as they are. */
export function binaryTable(binaries: readonly BinaryFacts[], verbose: boolean, columns: number): string {
  const said = (binary: BinaryFacts): string => visible(binary.version ?? '-');
  const columnsHere = [
    { head: 'binary', of: ({ name }: BinaryFacts) => visible(name), least: 20 },
    { head: 'size', of: ({ bytes }: BinaryFacts) => size(bytes), least: 8 },
    { head: 'machine', of: ({ machine }: BinaryFacts) => machine, least: 7 },
    { head: 'linked', of: linkage, least: 7 },
    { head: 'says', of: (one: BinaryFacts) => (verbose ? said(one) : cutEnd(said(one), SAYS_WIDTH)), least: 10 },
    { head: 'sha256', of: ({ sha256 }: BinaryFacts) => (verbose ? sha256 : sha256.slice(0, 12)), least: 12 },
  ];
  return fitTable(
    columnsHere.map(({ head, of, least }) => ({ head, cells: binaries.map(of), least })),
    verbose ? Infinity : columns,
  );
}

/** A machine and how a program for it is linked, as verify says it. */
const LINKED = /^(\S+) (static pie|static|dynamic|shared object)$/u;

/** What was seen, in the language of the run: of a program its linkage is a word of ours, and what it says is its own. */
function seenText(seen: string): string {
  const parts = visible(seen).split('; ');
  const told = parts.map((part) =>
    part.replace(LINKED, (_, machine: string, linked: string) => `${machine} ${tableWord(linked)}`),
  );
  return spoken(told.join('; '));
}

function linkage(binary: BinaryFacts): string {
  if (binary.machine === 'script') return '-';
  return tableWord(binary.static ? 'static' : 'dynamic');
}
