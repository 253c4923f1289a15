import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeAsker } from '../../../../src/mirrors/requests/asker.ts';

/** Only the places for gits are used: nobody is reached. */
const asker = () => makeAsker({ reach: null as never, access: null as never, limitMs: 1000, firstByteMs: 500 });

it('one host that never answers holds its own places only', async () => {
  const { inTurn } = asker();
  const began: string[] = [];
  const never = (): Promise<void> => new Promise(() => began.push('silent'));
  for (let each = 0; each < 20; each += 1) void inTurn(`https://silent.example/${String(each)}.git`, never);
  await inTurn('https://good.example/a.git', () => Promise.resolve(began.push('good')));
  await tick();
  expect(began.at(-1)).toBe('good');
  expect(began.filter((name) => name === 'silent').length).toBeLessThan(6);
});

it('hosts together have no more places than there are, and each gets its turn', async () => {
  const { inTurn } = asker();
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await tick();
    running -= 1;
  };
  const urls = Array.from({ length: 40 }, (_, each) => `https://h${String(each % 10)}.example/r.git`);
  await Promise.all(urls.map((url) => inTurn(url, work)));
  expect(most).toBe(6);
});
