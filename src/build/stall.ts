import type { MetPoint } from '../types.ts';
import { blamePoint, type Blame } from './blame.ts';
import type { BuildProgress, SilentStep } from './progress.ts';

/** A step that waits for the network and is not answered. */
export interface Stall {
  readonly silent: SilentStep;
  readonly blame: Blame;
}

/**
 * The running step that has said nothing for `stallMs` and that reaches for an egress point which the build itself asks; null where
 * there is none. A step without such a point is at work: what compiles moby (hack/make.sh) may be silent for as long as it likes. Pure.
 */
export function findStall(
  progress: BuildProgress,
  atMs: number,
  { stallMs = 0, points }: { readonly stallMs?: number | undefined; readonly points: readonly MetPoint[] },
): Stall | null {
  if (stallMs === 0) return null;
  for (const silent of progress.silent(atMs, stallMs)) {
    const blame = blamePoint(silent, points);
    if (blame !== null && (blame.point.via === 'mirror' || blame.point.via === 'upstream')) return { silent, blame };
  }
  return null;
}
