// Started as a process of its own by fetch-killed.test.ts: fetches and prints what it got, in one line of JSON.
import { fetchSource } from '../../../src/source/fetch.ts';

const [url = '', commit = '', dir = ''] = process.argv.slice(2);
const got = await fetchSource({
  ref: 'v20.10.12',
  commit,
  dir,
  mode: 'full',
  candidates: [{ mirror: 'm', url }],
  onProgress: ({ phase }) => process.stderr.write(`${phase}\n`),
});
process.stdout.write(`${JSON.stringify(got)}\n`);
