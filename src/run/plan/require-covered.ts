import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { Planned } from '../stage/stages.ts';

/**
 * A build reaches only places that somebody decided about, unless the user says otherwise.
 *
 * @throws MobyBuildError `uncovered`, exit 4, naming each place that is left
 */
export function requireCovered({ options, plan }: Pick<Planned, 'options' | 'plan'>): void {
  const left = plan.points.filter(({ inClosure, via }) => inClosure && via === 'none');
  if (left.length === 0 || options.allowUncovered) return;
  const [first] = left;
  throw new MobyBuildError({
    code: 'uncovered',
    exitCode: EXIT.tree,
    message:
      `${String(left.length)} of the ${String(plan.totals.closure)} egress points in the closure are left unchanged:\n` +
      left.map(({ file, line, kind, url }) => `  ${file}:${String(line)} ${kind} ${url}`).join('\n'),
    where: first === undefined ? undefined : `${first.file}:${String(first.line)}`,
    hint: 'Give a mirror for each (--mirror, --image, --frontend, --without), take a profile that covers all, or build all the same with --allow-uncovered.',
    command: NEXT.profile('cn'),
  });
}
