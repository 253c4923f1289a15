import type { NextCommand } from '../../next-command.ts';

/** What a line of a build's log means, and what to do about it. */
export interface Hint {
  readonly id: string;
  readonly means: string;
  /** What to run next. */
  readonly command: NextCommand | null;
}

/** A hint, and the lines that it is for. */
export interface HintRow extends Hint {
  readonly pattern: { readonly test: (line: string) => boolean };
}
