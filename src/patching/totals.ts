import type { EgressKind, MetPoint, Totals } from '../types.ts';

/** Counts points; covered is all of the closure but `none`. @param unknown places that could not be placed */
export function totalsOf(points: readonly MetPoint[], unknown: number): Totals {
  const byKind: Partial<Record<EgressKind, { all: number; closure: number }>> = {};
  let closure = 0;
  let covered = 0;
  for (const { kind, inClosure, via } of points) {
    const count = (byKind[kind] ??= { all: 0, closure: 0 });
    count.all += 1;
    if (!inClosure) continue;
    count.closure += 1;
    closure += 1;
    if (via !== 'none') covered += 1;
  }
  return { all: points.length, closure, covered, uncovered: closure - covered, unknown, byKind };
}
