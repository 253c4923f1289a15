// Started as a process of its own by fetch-killed.test.ts: fetches and prints what it got, in one line of JSON.
import { fetchSource } from '../../../src/source/fetch.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';

const [url = '', commit = '', dir = ''] = process.argv.slice(2);
const got = await fetchSource({
  ref: 'v20.10.12',
  commit,
  dir,
  mode: 'full',
  access: new GitAccess({ env: process.env }),
  candidates: [{ mirror: 'm', url }],
  onProgress: ({ phase }) => process.stderr.write(`${phase}\n`),
});
process.stdout.write(`${JSON.stringify(got)}\n`);
