import type { NextCommand } from './next-command.ts';

/**
 * The one error class of the product. The core never prints and never exits: it throws one of these, and `cli.ts`
 * turns it into words on stderr, an `error` member of the JSON document, and an exit code.
 */
import type { ErrorCode, ExitCode, ExitOf } from './codes.ts';

export { EXIT, type ExitCode } from './codes.ts';

/** A code of src/codes.ts with the exit code that stands there. */
type CodeAndExit = {
  [Code in ErrorCode]: { readonly code: Code; readonly exitCode: ExitOf<Code> };
}[ErrorCode];

export type ErrorDetails = CodeAndExit & ErrorWords;

export interface ErrorWords {
  /** What is wrong, one sentence, for a person. */
  readonly message: string;
  /** File, `file:line`, URL, flag or directory that the error is about. */
  readonly where?: string | undefined;
  /** Why it matters or what to do about it, in words. */
  readonly hint?: string | undefined;
  /** The next command to run, ready to paste. */
  readonly command?: NextCommand | undefined;
  readonly cause?: unknown;
}

export class MobyBuildError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly command: NextCommand | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MobyBuildError';
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.where = details.where;
    this.hint = details.hint;
    this.command = details.command;
  }
}
