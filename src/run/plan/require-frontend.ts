import { neededFrontend } from '../../dockerfile/needed-frontend.ts';
import { FRONTEND_CHECK, judgeFrontend } from '../../doctor/buildkit-checks.ts';
import { tellOldEngine } from '../notes/old-engine.ts';
import { requireMachine } from '../../doctor/require-machine.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/**
 * Checks that BuildKit's own frontend reads the tree as it will be built, where no image of a frontend is used. What the ref alone
 * told was checked before the clone; a branch or a tag of somebody's own is only known now. An engine that is too old for the base image is told.
 *
 * @throws MobyBuildError `machine`, exit 3
 */
export function requireFrontend(
  { machine, plan, source: { files } }: Pick<Planned, 'machine' | 'plan' | 'source'>,
  { line, note }: Pick<Io, 'line' | 'note'>,
): void {
  if (machine.is === 'unchecked') return;
  tellOldEngine({ machine, plan }, { note });
  if (plan.points.some(({ kind, via }) => kind === 'frontend' && via !== 'dropped')) return;
  const need = neededFrontend(new Map([...files, ...plan.after]));
  const { result, seen, fix } = judgeFrontend(machine.engine, need, line);
  const { id, title } = FRONTEND_CHECK;
  requireMachine([{ id, title, result, seen, fix: fix ?? null, seconds: 0 }]);
}
