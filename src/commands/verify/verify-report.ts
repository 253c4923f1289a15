import type { BinaryFacts, CheckResult } from '../../types.ts';
import { duration, size } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { cutEnd, textTable } from '../../ui/table.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { visible } from '../../ui/visible.ts';
import { outcomeCount, outcomeWord } from '../context/outcome-word.ts';

/**
 * Checks for people: one line each, then what mends the ones that did not pass, then the count. Ends with a line break.
 * The outcome is a word, so that it is there without colours and for a screen reader.
 */
export function checkReport(checks: readonly CheckResult[], colours: Colours): string {
  // Names of files, and what programs say, are somebody else's text.
  const rows = checks.map(({ result, title, seen }) => [
    outcomeWord(result, colours),
    spoken(visible(title)),
    spoken(visible(seen)),
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

/** The binaries as a table; `verbose` shows whole checksums. */
export function binaryTable(binaries: readonly BinaryFacts[], verbose: boolean): string {
  return textTable(
    ['binary', 'size', 'machine', 'linked', 'says', 'sha256'],
    binaries.map((binary) => [
      visible(binary.name),
      size(binary.bytes),
      binary.machine,
      linkage(binary),
      verbose ? visible(binary.version ?? '-') : cutEnd(visible(binary.version ?? '-'), SAYS_WIDTH),
      verbose ? binary.sha256 : binary.sha256.slice(0, 12),
    ]),
  );
}

function linkage(binary: BinaryFacts): string {
  if (binary.machine === 'script') return '-';
  return tableWord(binary.static ? 'static' : 'dynamic');
}
