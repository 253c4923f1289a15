/**
 * The one error class of the product. The core never prints and never exits: it throws one of these, and `cli.ts`
 * turns it into words on stderr, an `error` member of the JSON document, and an exit code.
 */

/** What each exit code means. They are part of the product: scripts branch on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  machine: 3,
  tree: 4,
  network: 5,
  build: 6,
  output: 7,
  sigint: 130,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorDetails {
  /** What is wrong, one sentence, for a person. */
  readonly message: string;
  /** A stable kebab-case name for programs: `wrong-commit`, `no-docker`, … */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** File, `file:line`, URL, flag or directory that the error is about. */
  readonly where?: string | undefined;
  /** Why it matters or what to do about it, in words. */
  readonly hint?: string | undefined;
  /** The next command to run, ready to paste. */
  readonly command?: string | undefined;
  readonly cause?: unknown;
}

export class MobyBuildError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly command: string | undefined;

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
