import type { ExitCode, MobyBuildError } from '../errors.ts';

/** A report in the form that leaves the program. */
export interface Presentation {
  /** Words for people, before the data. */
  readonly stderr: string;
  /** Data: a patch set, a path, a table that was asked for. */
  readonly stdout: string;
  /** Whether that is for people, and so in their language; what programs read is as it is. */
  readonly isText?: true | undefined;
  /** Words for people that come after the data. */
  readonly closing?: string | undefined;
  readonly exitCode: ExitCode;
  /** What the exit code means, for the JSON document; null where all went well. */
  readonly error: MobyBuildError | null;
}
