import type { EgressPoint, Scan } from '../../types.ts';
import type { Order } from '../probe/choices.ts';
import type { Resolution, Resolutions } from './resolutions.ts';

/**
 * The order of the profile before anybody was asked. What the catalogue believes that a mirror carries does not count: only the
 * answers tell.
 */
export const beforeAsking: Order = (_kind, _point, list) =>
  list.map((candidate) =>
    candidate.entry === null
      ? candidate
      : { ...candidate, entry: { ...candidate.entry, carries: undefined, misses: undefined } },
  );

/**
 * The points of the closure for which mirrors of the profile are asked: those that a plan would resolve through one of them. A point
 * that the plan drops, leaves to nobody, or takes from a flag needs no answer. Pure.
 *
 * @param resolutions what the plan decides under the order `beforeAsking`
 */
export function askedPoints({ points }: Pick<Scan, 'points'>, resolutions: Resolutions): readonly EgressPoint[] {
  return points.filter((point, index) => point.inClosure && isAsked(resolutions.points[index]));
}

function isAsked(resolution: Resolution | undefined): boolean {
  if (resolution === undefined) return false;
  const { via, mirror } = resolution;
  return (via === 'mirror' || via === 'upstream') && mirror !== 'flag';
}

/** Whether the plan takes the point from this machine, so that no mirror is asked for it. */
export function isOfHost({ points }: Pick<Resolutions, 'points'>, pointId: string): boolean {
  return points.some((resolution) => resolution.pointId === pointId && resolution.via === 'host');
}

/** Whether the plan removes the point, so that nothing of it has to be known. */
export function isDropped({ points }: Pick<Resolutions, 'points'>, pointId: string): boolean {
  return points.some((resolution) => resolution.pointId === pointId && resolution.via === 'dropped');
}
