/** One thing on which our parser and theirs do not agree. */
export interface Difference {
  /** What was compared: `refusal`, `keyword`, `lines`, `flags`, `words`, `heredocs`, `stage`, `image`, `env`, `commands`, … */
  readonly what: string;
  /** 1-based line in the text, 0 where none can be told. */
  readonly line: number;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Collects differences; values are compared as JSON. */
export class Comparison {
  readonly differences: Difference[] = [];

  compare(what: string, line: number, ours: unknown, theirs: unknown): void {
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) this.differences.push({ what, line, ours, theirs });
  }
}
