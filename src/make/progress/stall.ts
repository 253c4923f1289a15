import type { EgressKind, MetPoint } from '../../types.ts';
import { blamePoint, type Blame } from './blame.ts';
import type { BuildProgress, SilentStep } from './progress.ts';

/** A step that waits for the network and is not answered. */
export interface Stall {
  readonly silent: SilentStep;
  readonly blame: Blame;
}

/** What compiles moby, in every series (moby Dockerfile at v20.10.0 and at v29.0.0): silent for an hour under emulation. */
const COMPILES = /\bhack\/make\.sh\b/;

/**
 * The running step that has said nothing for `stallMs` and that reaches for an egress point which the build itself asks; null where
 * there is none. A step without such a point is at work, and so is the one that compiles moby, whatever its stage reaches for. Pure.
 */
export function findStall(
  progress: BuildProgress,
  atMs: number,
  { stallMs = 0, points }: { readonly stallMs?: number | undefined; readonly points: readonly MetPoint[] },
): Stall | null {
  if (stallMs === 0) return null;
  const asked = points.filter(({ via }) => via === 'mirror' || via === 'upstream');
  for (const silent of progress.silent(atMs, stallMs)) {
    if (COMPILES.test(silent.name)) continue;
    const blame = blamePoint(silent, asked) ?? inItsStage(silent, asked);
    if (blame !== null) return { silent, blame };
  }
  return null;
}

/** Kinds whose tools may print nothing before the first answer; apt says whom it asks. */
const QUIET: readonly EgressKind[] = ['gomod', 'git', 'http', 'pip'];

/** The point of a step that has not even said what it asks. */
function inItsStage({ name, stage }: SilentStep, asked: readonly MetPoint[]): Blame | null {
  if (!/\] RUN /.test(name)) return null;
  const point = asked.find((each) => each.inClosure && each.stage === stage && QUIET.includes(each.kind));
  return point === undefined ? null : { point, because: `the step is in stage ${point.stage}, where the point is` };
}
