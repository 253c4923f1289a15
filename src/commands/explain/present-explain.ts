import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Language } from '../../names.ts';
import { NEXT } from '../../next-command.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { spoken, spokenCommand } from '../../ui/speech/speech.ts';
import type { Presentation } from '../../ui/presentation.ts';
import type { Page } from '../audit/audit-text.ts';
import type { CausePart, CodePage, LogExplained } from './document.ts';
import type { ExplainReport } from './explain.ts';
import { fillWords, speechOf, type Speech } from './words/speech.ts';
import type { ExplainWords } from './words/words-en.ts';

/** A line of a log is shown up to here; JSON has all of it. */
const LONGEST = 300;

/** Causes or a page, on stdout; a log whose failure is not known ends with exit code 1, and its telling lines. Pure. */
export function presentExplain(
  { log, page }: ExplainReport,
  out: Page,
  style: { readonly colours: Colours; readonly line: readonly string[]; readonly language: Language },
): Presentation {
  const speech = speechOf(style.language);
  if (page !== null) return { ...done, stdout: pageText(page, out, speech) };
  if (log === null || log.outcome === 'no-failure') return { ...done, stdout: `${speech.words.noFailure}\n` };
  if (log.outcome === 'explained') return { ...done, stdout: causesText(log, out, speech) };
  const error = notExplained(log);
  return {
    stdout: log.telling.map((line) => `${lineText(line)}\n`).join(''),
    stderr: '',
    closing: formatOwnError(error, style.colours, style.line),
    exitCode: error.exitCode,
    error,
  };
}

function causesText(log: LogExplained, { colours }: Page, { words, say }: Speech): string {
  const causes = log.causes.map((cause, index) =>
    [
      `${String(index + 1)}. ${colours.bold(cause.code)}${cause.certainty === 'possible' ? words.possible : ''}${words.colon}${say(cause.cause)}`,
      lineText(cause.line),
      ...placeLines(cause, words).map((line) => `     ${line}`),
      `   ${say(cause.hint)}`,
      ...(cause.next === null ? [] : [`   ${words.next}${colours.bold(nextText(cause.next))}`]),
    ].join('\n'),
  );
  const more = fillWords(words.more, { code: log.causes[0]?.code ?? '' });
  return `${causes.join('\n\n')}\n\n${more}\n`;
}

function placeLines({ step, stage, place, host, mirror }: CausePart, words: ExplainWords): readonly string[] {
  const where =
    stage !== null
      ? fillWords(words.inStage, { stage })
      : step === null
        ? null
        : fillWords(words.inStep, { step: cut(step, 120) });
  return [
    ...(where === null && place === null
      ? []
      : [
          [where, place === null ? null : `${place.file}:${String(place.line)}`]
            .filter((part) => part !== null)
            .join(words.comma),
        ]),
    ...(host === null
      ? []
      : [
          fillWords(mirror === null || mirror === host ? words.asked : words.askedMirror, {
            host,
            mirror: mirror ?? '',
          }),
        ]),
  ];
}

/** A change of the line is told in the language of the run; a command stays, and its comment is told. */
function nextText(next: string): string {
  return next.startsWith('run the same') ? spoken(next) : spokenCommand(next);
}

function lineText({ number, text }: { readonly number: number; readonly text: string }): string {
  return `   ${String(number)} | ${cut(text, LONGEST)}`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function pageText(page: CodePage, { colours }: Page, { words, say }: Speech): string {
  const { code, kind, meaning, exitCodes, fault, tool, hint, next, source, examples } = page;
  const facts = [
    ...(tool === null ? [] : [[words.tool, tool]]),
    ...(fault === null ? [] : [[words.fault, words[`fault.${fault}`]]]),
    ...(exitCodes.length === 0 ? [] : [[words.exitCode, exitCodes.join(', ')]]),
    ...(source === null ? [] : [[words.source, source]]),
  ].map(([name = '', value = '']) => `  ${name}${words.colon}${value}`);
  return [
    `${colours.bold(code)}${words[`kind.${kind}`]}`,
    '',
    say(meaning),
    ...(hint === null ? [] : [say(hint)]),
    ...(next === null ? [] : [`${words.next}${colours.bold(nextText(next))}`]),
    '',
    ...(facts.length === 0 ? [] : [...facts, '']),
    words.example,
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
