import { neededFrontend } from '../dockerfile/needed-frontend.ts';
import { FRONTEND_CHECK, judgeFrontend } from '../doctor/frontend-check.ts';
import { requireMachine } from '../doctor/require-machine.ts';
import { known, type RunState } from './state.ts';

/**
 * Checks that BuildKit's own frontend reads the tree as it will be built, where no image of a frontend is used. What the ref alone
 * told was checked before the clone; a branch or a tag of somebody's own is only known now.
 *
 * @throws MobyBuildError `machine`, exit 3
 */
export function requireFrontend(state: RunState): void {
  const plan = known(state, 'plan');
  const { files } = known(state, 'source');
  if (plan.points.some(({ kind, via }) => kind === 'frontend' && via !== 'dropped')) return;
  const need = neededFrontend(new Map([...files, ...plan.after]));
  const { result, seen, fix } = judgeFrontend(known(state, 'engine'), need);
  const { id, title } = FRONTEND_CHECK;
  requireMachine([{ id, title, result, seen, fix: fix ?? null, seconds: 0 }]);
}
