import { size } from '../../ui/amounts.ts';
import type { RunFacts } from '../facts/model.ts';
import { receivedOf } from '../facts/received.ts';
import { code, number, plain, type Block, type Cell } from './blocks.ts';
import type { Sentences } from './sentences.ts';

/** What each mirror sent, where anything is known of it. Pure. */
export function receivedBlocks(run: RunFacts, say: Sentences): readonly Block[] {
  const rows = receivedOf(run).map(({ kind, mirror, bytes }): readonly Cell[] => [
    plain(say[`received.${kind}`]),
    mirror === null ? { text: say.notKnown, mark: 'quiet' } : code(mirror),
    number(size(bytes), bytes),
  ]);
  if (rows.length === 0) return [];
  const head = [say.kind, say.mirror, say.bytes];
  return [
    { is: 'text', text: `${say.receivedWords} ${say.downloadedNote}` },
    { is: 'table', id: 'received-table', caption: say.receivedWords, head, rows },
  ];
}
