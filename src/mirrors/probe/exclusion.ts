import type { MirrorKind } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import type { Order } from './choices.ts';
import { nameOf } from '../candidates/locate.ts';

/** A mirror that failed a build, and what it is not asked for again in this run. */
export interface Exclusion {
  readonly kind: MirrorKind;
  /** As `nameOf` says. */
  readonly mirror: string;
  /** Ids of points; null: anything of that kind. */
  readonly points: readonly string[] | null;
}

/** An order without the mirrors that failed. Pure. */
export function excluding(order: Order, exclusions: readonly Exclusion[]): Order {
  if (exclusions.length === 0) return order;
  const isOut = (kind: MirrorKind, pointId: string | null, candidate: Candidate): boolean =>
    exclusions.some(
      ({ kind: of, mirror, points }) =>
        of === kind &&
        mirror === nameOf(candidate) &&
        (points === null || (pointId !== null && points.includes(pointId))),
    );
  return (kind, pointId, list) => order(kind, pointId, list).filter((candidate) => !isOut(kind, pointId, candidate));
}
