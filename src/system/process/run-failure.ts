import { quoteWord } from '../command-line.ts';
import { existsSync } from 'node:fs';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { CommandSpec } from '../command-spec.ts';
import { commandLine } from '../command-line.ts';
import { redactWords } from '../redact.ts';

/** Lines of output that an error quotes; the log holds the rest. */
const QUOTED_LINES = 12;

interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** The error for a program that ended badly: how, its last lines (stderr, or stdout where stderr is empty), the log's path. */
export function describeFailure(
  spec: CommandSpec,
  ended: Ended,
  options: { readonly logFile?: string | undefined },
): MobyBuildError {
  const told = lastLines(ended.stderr.trim() === '' ? ended.stdout : ended.stderr);
  const how = ended.timedOut
    ? 'took too long and was ended'
    : ended.signal === null
      ? `ended with exit code ${String(ended.exitCode)}`
      : `was ended by ${ended.signal}`;
  return new MobyBuildError({
    code: ended.timedOut ? 'command-timed-out' : 'command-failed',
    exitCode: EXIT.failed,
    message: [`${commandLine({ file: spec.file, args: redactWords(spec.args) })} ${how}`, ...told].join('\n  '),
    where: options.logFile ?? spec.cwd,
    hint:
      ended.signal === 'SIGKILL' && !ended.timedOut
        ? 'SIGKILL usually comes from the kernel when memory is short: see dmesg.'
        : undefined,
  });
}

function lastLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-QUOTED_LINES);
}

/** The error for a program that could not be started at all: not on PATH, not executable, or no such working directory. */
export function noSuchProgram(
  spec: CommandSpec,
  outcome: { readonly cause?: unknown; readonly shortMessage?: string | undefined },
): MobyBuildError {
  const missing = (outcome.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  // spawn(2) says ENOENT for the working directory too.
  if (missing && spec.cwd !== undefined && !existsSync(spec.cwd)) {
    return new MobyBuildError({
      code: 'no-such-directory',
      exitCode: EXIT.failed,
      message: `${spec.cwd}, where ${spec.file} should run, does not exist.`,
      where: spec.cwd,
      cause: outcome.cause,
    });
  }
  return new MobyBuildError({
    code: 'no-such-program',
    exitCode: EXIT.machine,
    message: missing
      ? `${spec.file} is not installed, or not on PATH.`
      : `${spec.file} could not be started: ${outcome.shortMessage?.split('\n').at(-1) ?? 'the reason is not known'}`,
    where: spec.file,
    command: `command -v ${quoteWord(spec.file)}`,
    cause: outcome.cause,
  });
}
