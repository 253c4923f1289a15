import { NEXT, wordsOf, type NextCommand } from '../next-command.ts';
import { commandLine } from '../system/command-line.ts';
import { redactWords } from '../system/redact.ts';
import type { ErrorDocument } from '../document/parts.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { MESSAGES } from './messages.ts';
import type { Colours } from './colours.ts';
import { spoken, spokenCommand } from './speech/speech.ts';

/** An error for programs. What is none of ours is code `bug`, exit 1. @param line the words of the user's own line */
export function errorDocument(error: unknown, line: readonly string[]): ErrorDocument {
  if (!(error instanceof MobyBuildError)) {
    return {
      code: 'bug',
      exitCode: EXIT.failed,
      message: messageOf(error),
      where: null,
      hint: MESSAGES.bug,
      command: null,
    };
  }
  const { code, exitCode, message, where = null, hint = null } = error;
  const command = nextOf(error);
  return { code, exitCode, message, where, hint, command: command === null ? null : commandText(command, line) };
}

/** What to run next: an error that knows nothing better has its page. Who ended the run by a signal knows what to do. */
function nextOf({ code, exitCode, command }: MobyBuildError): NextCommand | null {
  if (command !== undefined) return command;
  return exitCode === EXIT.sigint || exitCode === EXIT.sigterm ? null : NEXT.explain(code);
}

export interface BugContext {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** The words of the user's own line. */
  readonly line: readonly string[];
}

/** An error for people: what, where, why, and the next command. Ends with a line break. */
export function formatError(error: unknown, colours: Colours, context: BugContext): string {
  return error instanceof MobyBuildError
    ? formatOwnError(error, colours, context.line)
    : formatBug(error, colours, context);
}

/** As `formatError`, for an error that is surely one of ours; in the language of the run. */
export function formatOwnError(error: MobyBuildError, colours: Colours, line: readonly string[]): string {
  const lines = [`${colours.red('moby-build:')} ${spoken(error.message)}`];
  // One that stands in the message already would only be said twice.
  if (error.where !== undefined && !error.message.includes(error.where))
    lines.push(`  ${spoken('where:')} ${error.where}`);
  if (error.hint !== undefined) lines.push(...indented(spoken(error.hint), '  '));
  const command = nextOf(error);
  if (command !== null) lines.push(`  ${spoken('next:')} ${colours.bold(spokenCommand(commandText(command, line)))}`);
  return `${lines.join('\n')}\n`;
}

/** A mistake of ours, in a form that can be sent as it is. */
function formatBug(error: unknown, colours: Colours, context: BugContext): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return [
    `${colours.red('moby-build:')} ${messageOf(error)}`,
    `  ${MESSAGES.bug}`,
    '',
    `  moby-build ${context.version}, node ${context.node}, ${context.platform}`,
    ...indented(stack, '  '),
    '',
  ].join('\n');
}

/** A command as it may be pasted into a shell; passwords that the user typed are not said again, for logs keep them. @param line the words of the user's own line */
export function commandText(command: NextCommand, line: readonly string[]): string {
  if (typeof command === 'string') return command;
  const text = commandLine({ file: 'moby-build', args: redactWords(wordsOf(command, line)) });
  // sudo has a PATH of its own, where neither node nor this program need be.
  return command.asRoot === true ? `sudo -E env "PATH=$PATH" ${text}` : text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function indented(text: string, by: string): string[] {
  return text.split('\n').map((line) => by + line);
}
