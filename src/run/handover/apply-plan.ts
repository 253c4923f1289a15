import { applyPlan } from '../../patching/apply.ts';
import type { Applied, Planned } from '../stage/stages.ts';
import { treeId } from '../../system/files/tree-id.ts';

/** Applies the plan to the tree that is built: all of it, or nothing. Gives git's ids of the tree before and after. */
export async function applyToSource({
  source: { dir },
  plan,
}: Pick<Planned, 'source' | 'plan'>): Promise<
  Pick<Applied, 'treeBefore' | 'treeAfter'> & { readonly already: boolean }
> {
  const treeBefore = await treeId(dir);
  if (plan.patches.length === 0) return { treeBefore, treeAfter: treeBefore, already: false };
  const { outcome } = await applyPlan(plan, dir);
  return { treeBefore, treeAfter: await treeId(dir), already: outcome === 'already' };
}
