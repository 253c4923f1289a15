import { applyPlan } from '../patching/apply.ts';
import { treeId } from '../system/tree-id.ts';
import { MESSAGES } from '../ui/messages.ts';
import { known, type RunState } from './state.ts';

/** Applies the plan to the tree that is built: all of it, or nothing. Fills in the tree ids before and after. */
export async function applyToSource(state: RunState): Promise<string> {
  const { dir } = known(state, 'source');
  const plan = known(state, 'plan');
  state.treeBefore = await treeId(dir);
  const { outcome } = await applyPlan(plan, dir);
  state.treeAfter = await treeId(dir);
  return outcome === 'already' ? MESSAGES.alreadyApplied : MESSAGES.patchesApplied(plan.patches.length);
}

/** The tree ids of a tree that is built as it is. */
export async function recordTree(state: RunState): Promise<void> {
  state.treeBefore ??= await treeId(known(state, 'source').dir);
  state.treeAfter ??= state.treeBefore;
}
