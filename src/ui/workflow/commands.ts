import type { Note } from '../../document/parts.ts';
import { PART_OF } from '../../system/process/watch-parent.ts';
import { spoken } from '../speech/speech.ts';

/*
 * Commands that a program gives to the runner of a GitHub workflow by printing lines (docs.github.com, "Workflow commands for GitHub
 * Actions"). All of them go to stderr: stdout is data.
 */

/** GitHub shows ten annotations of a kind for a step. */
const MOST = 10;

/** Whether a runner reads along. It sets GITHUB_ACTIONS for every step; a cell of a matrix is read by the matrix instead. */
export function isInWorkflow(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['GITHUB_ACTIONS'] === 'true' && env[PART_OF] === undefined;
}

/** What an annotation is made of. */
export interface Annotated {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | null | undefined;
}

/**
 * A line for each annotation, each with its code as title: the error that ended the run first, then the warnings. At most ten of a kind:
 * where there are more warnings, the tenth says so. Ends with a line break, or is empty. Pure.
 *
 * @param moreWarnings the sentence for that many more
 */
export function annotations(
  error: Annotated | null,
  notes: readonly Note[],
  moreWarnings: (count: number) => string,
): string {
  const warnings = notes.filter(({ level }) => level === 'warning');
  const shown = warnings.length > MOST ? warnings.slice(0, MOST - 1) : warnings;
  const left = warnings.length - shown.length;
  return [
    ...(error === null ? [] : [annotation('error', error)]),
    ...shown.map((note) => annotation('warning', note)),
    ...(left === 0 ? [] : [command('warning', 'moby-build', spoken(moreWarnings(left)))]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function annotation(kind: 'error' | 'warning', { code, message, hint }: Annotated): string {
  const text = typeof hint === 'string' ? `${message}\n${hint}` : message;
  return command(kind, `moby-build ${code}`, spoken(text));
}

function command(kind: 'error' | 'warning', title: string, text: string): string {
  return `::${kind} title=${property(title)}::${data(text)}`;
}

/** The line that begins a group of lines, which is shown folded. */
export function groupBegins(title: string): string {
  return `::group::${data(title)}`;
}

export const GROUP_ENDS = '::endgroup::';

/** As the runner takes it apart again (actions/runner, src/Runner.Common/ActionCommand.cs). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** What a runner takes for a command: `::` at the beginning of a line, in its older form `##[` anywhere. */
const COMMAND = /^\s*::|##\[/mu;

/**
 * A text as it may be printed where a runner reads along: lines of a build log that look like commands are none.
 *
 * @param token that nobody can foresee; the runner takes no command until it comes again
 * @param text ends with a line break
 */
export function inert(text: string, token: string): string {
  return COMMAND.test(text) ? `::stop-commands::${token}\n${text}::${token}::\n` : text;
}
