import { size } from '../../ui/amounts.ts';
import type { RunFacts } from '../facts/model.ts';
import { code, number, plain, type Block, type Cell } from './blocks.ts';
import { fill, type Sentences } from './sentences.ts';

/** How a build was sealed, and each host that it asked for: those it reached, and those that were refused. Pure. */
export function sealBlocks({ seal }: RunFacts, say: Sentences): readonly Block[] {
  if (seal === null) return [];
  const { mechanism, canary, contacted, refused } = seal;
  const words = fill(say[`seal.${mechanism}`], { contacted: contacted.length, refused: refused.length });
  const rows = [
    ...contacted.map(({ host, requests, received, sent }): readonly Cell[] => [
      code(host),
      { text: say.letThrough, mark: 'good' },
      number(String(requests), requests),
      number(size(received), received),
      number(size(sent), sent),
    ]),
    ...refused.map(({ host, requests }): readonly Cell[] => [
      code(host),
      { text: say.refused, mark: 'bad' },
      number(String(requests), requests),
      number('', -1),
      number('', -1),
    ]),
  ];
  const head = [say.host, say.result, say.requests, say.receivedBytes, say.sentBytes];
  return [
    { is: 'text', text: words },
    { is: 'facts', rows: [[say.canary, plain(canary)]] },
    ...(rows.length === 0 ? [] : [{ is: 'table', id: 'seal-table', caption: say.seal, head, rows } as const]),
  ];
}
