import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import type { Page } from '../audit/audit-text.ts';
import type { CausePart, CodePage, LogExplained } from './document.ts';
import type { ExplainReport } from './explain.ts';

/** A line of a log is shown up to here; JSON has all of it. */
const LONGEST = 300;

/** What a code is a code of. */
const CODE_KIND = {
  symptom: 'a message of another program',
  error: 'an error of moby-build',
  note: 'a note of moby-build',
  check: 'a check of moby-build',
} as const;

/** Causes or a page, on stdout; a log whose failure is not known ends with exit code 1, and its telling lines. Pure. */
export function presentExplain(
  { log, page }: ExplainReport,
  out: Page,
  style: { readonly colours: Colours; readonly line: readonly string[] },
): Presentation {
  if (page !== null) return { ...done, stdout: pageText(page, out) };
  if (log === null || log.outcome === 'no-failure') return { ...done, stdout: `${MESSAGES.logShowsNoFailure}\n` };
  if (log.outcome === 'explained') return { ...done, stdout: causesText(log, out) };
  const error = notExplained(log);
  return {
    stdout: log.telling.map((line) => `${lineText(line)}\n`).join(''),
    stderr: '',
    closing: formatOwnError(error, style.colours, style.line),
    exitCode: error.exitCode,
    error,
  };
}

function causesText(log: LogExplained, { colours }: Page): string {
  const causes = log.causes.map((cause, index) =>
    [
      `${String(index + 1)}. ${colours.bold(cause.code)}${cause.certainty === 'possible' ? ` (${MESSAGES.possible})` : ''}: ${cause.cause}`,
      lineText(cause.line),
      ...placeLines(cause).map((line) => `     ${line}`),
      `   ${cause.hint}`,
      ...(cause.next === null ? [] : [`   next: ${colours.bold(cause.next)}`]),
    ].join('\n'),
  );
  const more = MESSAGES.explainMore(log.causes[0]?.code ?? '');
  return `${causes.join('\n\n')}\n\n${more}\n`;
}

function placeLines({ step, stage, place, host, mirror }: CausePart): readonly string[] {
  const where = stage !== null ? MESSAGES.inStage(stage) : step === null ? null : MESSAGES.inStep(cut(step, 120));
  return [
    ...(where === null && place === null
      ? []
      : [
          [where, place === null ? null : `${place.file}:${String(place.line)}`]
            .filter((part) => part !== null)
            .join(', '),
        ]),
    ...(host === null ? [] : [MESSAGES.askedHost(host, mirror)]),
  ];
}

function lineText({ number, text }: { readonly number: number; readonly text: string }): string {
  return `   ${String(number)} | ${cut(text, LONGEST)}`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function pageText(page: CodePage, { colours }: Page): string {
  const { code, kind, meaning, exitCodes, fault, tool, hint, next, source, examples } = page;
  const facts = [
    ...(tool === null ? [] : [['printed by', tool]]),
    ...(fault === null ? [] : [['meaning', fault]]),
    ...(exitCodes.length === 0 ? [] : [['exit code', exitCodes.join(', ')]]),
    ...(source === null ? [] : [['wording from', source]]),
  ].map(([name = '', value = '']) => `  ${name}: ${value}`);
  return [
    `${colours.bold(code)} (${CODE_KIND[kind]})`,
    '',
    meaning,
    ...(hint === null ? [] : [hint]),
    ...(next === null ? [] : [`next: ${colours.bold(next)}`]),
    '',
    ...(facts.length === 0 ? [] : [...facts, '']),
    MESSAGES.example,
    ...examples.map((text) => `  ${text.trim()}`),
    '',
  ].join('\n');
}

function notExplained({ path, ownCode, lines }: LogExplained): MobyBuildError {
  return new MobyBuildError({
    code: 'not-explained',
    exitCode: EXIT.failed,
    message: lines === 0 ? MESSAGES.logIsEmpty : MESSAGES.causeNotKnown,
    where: path,
    hint: ownCode === null ? MESSAGES.readTheLines : MESSAGES.logHasCode(ownCode),
    command: NEXT.help('explain'),
  });
}

const done = { stderr: '', exitCode: EXIT.done, error: null } as const;
