import type { MetPoint } from '../../types.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { visible } from '../../ui/visible.ts';

/** What an egress point of the closure has that no mirror serves. */
export const UNRESOLVED = 'unresolved';

/** Of a mirror that a flag named. */
const FLAG = 'flag';

/** `mirror ghfast.top`, `upstream`; `unresolved` in the closure, where it counts; in the language of the run. */
export function resolvedBy({ via, mirror, inClosure }: MetPoint): string {
  if (via === 'none') return inClosure ? tableWord(UNRESOLVED) : '-';
  return mirror === null
    ? tableWord(via)
    : `${tableWord(via)} ${mirror === FLAG ? tableWord(mirror) : visible(mirror)}`;
}
