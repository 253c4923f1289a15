import type { MetPoint } from '../../types.ts';
import { visible } from '../../ui/visible.ts';

/** What an egress point of the closure has that no mirror serves. */
export const UNRESOLVED = 'unresolved';

/** `mirror ghfast.top`, `upstream`; `unresolved` in the closure, where it counts. Pure. */
export function resolvedBy({ via, mirror, inClosure }: MetPoint): string {
  if (via === 'none') return inClosure ? UNRESOLVED : '-';
  return mirror === null ? via : `${via} ${visible(mirror)}`;
}
