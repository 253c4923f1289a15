import { NEXT } from '../../next-command.ts';
import { tellsOf } from '../../system/symptoms.ts';
import type { HintRow } from './hint-row.ts';

/** For connections that broke off, servers that failed and silence, in the words of any tool (system/symptoms.ts). */
export const TRANSPORT_HINTS: readonly HintRow[] = [
  {
    id: 'broken-off',
    pattern: { test: (line) => tellsOf(line, 'cut') },
    means:
      'A connection broke off: the mirror, a proxy, or a firewall on the way cut it. Where every mirror does that, the network of the engine is at fault.',
    command: NEXT.again(),
  },
  {
    id: 'server-failed',
    pattern: { test: (line) => tellsOf(line, 'server-failed') },
    means: 'The mirror, or a gateway before it, failed for a moment.',
    command: NEXT.again(),
  },
  {
    id: 'no-answer',
    pattern: { test: (line) => tellsOf(line, 'silent') },
    means: 'A host does not answer in time from where the build runs.',
    command: NEXT.again(),
  },
];
