import { mirrorOf, rankedOf } from './ranked.ts';

/** Run in a network namespace: ranks the mirrors of its arguments, ID=URL each, and prints their order as JSON. */
const entries = process.argv.slice(2).map((word) => {
  const [id = '', url = ''] = word.split('=');
  return mirrorOf(id, url);
});
process.stdout.write(`${JSON.stringify(await rankedOf(entries, 20_000))}\n`);
