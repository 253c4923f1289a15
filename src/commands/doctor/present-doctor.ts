import { wrapped } from '../../wrapped.ts';
import type { DoctorResult } from '../../document/parts.ts';
import { isSentence } from '../../doctor/require-machine.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { duration } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { spoken, spokenCommand } from '../../ui/speech/speech.ts';
import { cutEnd, textTable } from '../../ui/table.ts';
import { columnsOf, padded } from '../../ui/speech/columns.ts';
import { visible } from '../../ui/visible.ts';
import type { Page } from '../audit/audit-text.ts';
import { outcomeCount, outcomeWord } from '../context/outcome-word.ts';
import { notesText } from '../patch/plan-report.ts';
import { doctorTotals, type DoctorReport } from './doctor.ts';

interface Wishes {
  readonly colours: Colours;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly line: readonly string[];
}

/** Wide enough for "skipped" and "unknown", with what stands around. */
const OUTCOME_COLUMNS = 9;
/** Narrower than this no line says anything. */
const LEAST_COLUMNS = 60;

/** The report is what was asked for, so it goes to stdout; what the exit code means comes after it, on stderr. */
export function presentDoctor(report: DoctorReport, page: Page, wishes: Wishes): Presentation {
  if (report.listed.length > 0) {
    const rows = report.listed.map(({ id, group, title }) => [id, spoken(group), spoken(title)]);
    return {
      stdout: `${textTable(['id', 'group', 'check'], rows)}\n`,
      isText: true,
      stderr: '',
      exitCode: EXIT.done,
      error: null,
    };
  }
  const error = judged(report);
  const notes = report.notes.filter(({ level }) => !wishes.quiet || level === 'warning');
  const left = report.steps.length > 0 && report.ran.length === 0 ? [`${MESSAGES.fixNeedsYes}\n`] : [];
  const closing = [
    ...(notes.length > 0 ? [`${notesText(notes, wishes.colours)}\n`] : []),
    ...left,
    ...(error === null ? [] : [formatOwnError(error, wishes.colours, wishes.line)]),
  ];
  return {
    stdout: reportText(report, { ...page, columns: Math.max(LEAST_COLUMNS, page.columns) }, wishes),
    isText: true,
    stderr: '',
    closing: closing.length === 0 ? '' : `\n${closing.join('\n')}`,
    exitCode: error === null ? EXIT.done : EXIT.machine,
    error,
  };
}

function judged({ checks, shared }: DoctorReport): MobyBuildError | null {
  const failed = checks.filter(({ result }) => result === 'failed');
  const [first] = failed;
  if (first === undefined) return null;
  const command = first.fix !== null && !isSentence(first.fix) ? first.fix : shared ? undefined : NEXT.again();
  return new MobyBuildError({
    code: 'machine',
    exitCode: EXIT.machine,
    message: `${String(failed.length)} of ${String(checks.length)} checks failed; ${first.title} is the first to fix.`,
    hint: first.fix !== null && isSentence(first.fix) ? first.fix : undefined,
    command,
  });
}

function reportText({ request, checks }: DoctorReport, page: Page, { verbose, quiet }: Wishes): string {
  const shown = checks.filter(({ result }) =>
    quiet ? result === 'failed' || result === 'warning' : verbose || result !== 'skipped',
  );
  const width = Math.max(0, ...shown.map(({ title }) => columnsOf(spoken(title))));
  const groups = [...new Set(shown.map(({ group }) => group))].map((group) =>
    [
      page.colours.bold(spoken(group)),
      ...shown.filter((check) => check.group === group).flatMap((check) => linesOf(check, width, page, verbose)),
    ].join('\n'),
  );
  const head = quiet ? [] : [spoken(MESSAGES.checkedFor(request))];
  return `${[...head, ...groups, totalLine(checks, verbose || quiet)].join('\n\n')}\n`;
}

/** One line, and below it the fix: a command is never broken, so that it can be copied. */
function linesOf(check: DoctorResult, width: number, page: Page, verbose: boolean): readonly string[] {
  const { result } = check;
  const word = outcomeWord(result, page.colours);
  // Values of the environment stand in both.
  const seen = spoken(visible(check.seen));
  const fix = check.fix === null ? null : visible(check.fix);
  const left = 2 + OUTCOME_COLUMNS + width + 2;
  const room = page.columns - left;
  const whole = verbose || result === 'failed' || result === 'warning' || result === 'unknown';
  const [first = '', ...rest] = whole ? wrapped(seen, room) : [cutEnd(seen, room)];
  const told = fix !== null && (result === 'failed' || result === 'warning');
  const fixes = !told ? [] : isSentence(fix) ? wrapped(spoken(fix), page.columns - left) : [spokenCommand(fix)];
  return [
    `  ${word}${' '.repeat(OUTCOME_COLUMNS - columnsOf(word))}${padded(spoken(check.title), width)}  ${first}`,
    ...rest.map((line) => ' '.repeat(left) + line),
    ...fixes.map((line, index) =>
      isSentence(fix ?? '')
        ? `${' '.repeat(left)}${line}`
        : `  ${' '.repeat(OUTCOME_COLUMNS)}${index === 0 ? '$ ' : '  '}${page.colours.bold(line)}`,
    ),
  ];
}

function totalLine(checks: readonly DoctorResult[], allShown: boolean): string {
  const totals = doctorTotals(checks);
  const parts = (['failed', 'warning', 'unknown', 'ok', 'skipped'] as const).flatMap((result) => {
    const count = totals[result];
    if (count === 0) return [];
    return [
      `${outcomeCount(count, result)}${result === 'skipped' && !allShown ? spoken(' (--verbose shows them)') : ''}`,
    ];
  });
  const seconds = checks.reduce((sum, check) => sum + check.seconds, 0);
  return parts.length === 0 ? spoken('Nothing was checked.') : `${parts.join(', ')}; ${duration(seconds)}`;
}
