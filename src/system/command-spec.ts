/** A child process as a value: shown by a dry run, run by a build. No shell. */
export interface CommandSpec {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the inherited environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}
