/** Two refs that are compared. */
export interface RefRange {
  readonly from: string;
  readonly to: string;
}

/** The two sides of `A..B`; null for a single ref. No ref holds two dots (git-check-ref-format(1)). */
export function rangeOf(ref: string | null): RefRange | null {
  const [from, to] = ref?.split('..') ?? [];
  return from === undefined || to === undefined ? null : { from, to };
}
