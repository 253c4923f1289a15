import type { Plan, PlannedPatch } from '../types.ts';

/** The patches that take a plan's back out of the tree: the last one first, each from after to before. Pure. */
export function undoing({ patches }: Pick<Plan, 'patches'>): readonly PlannedPatch[] {
  return patches.toReversed().map((patch) => ({
    ...patch,
    changes: patch.changes.map(({ path, before, after }) => ({ path, before: after, after: before })),
  }));
}
