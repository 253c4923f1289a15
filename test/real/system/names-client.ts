// Started in a namespace by host-names.test.ts: looks names up beside a name server, and prints what came and when as JSON.
import { hostNames, type HostNames } from '../../../src/system/http/host-names.ts';
import { startNameServer } from './name-server.ts';

const ADDRESS = '10.91.0.7';
let fails = true;
const server = await startNameServer((name) => {
  if (name.startsWith('late.example')) return fails ? 'SERVFAIL' : ADDRESS;
  if (name === 'short.corp.example' || name === 'mirror.lab.corp.example') return ADDRESS;
  return name === 'stuck.example' ? 'silence' : 'NXDOMAIN';
});

function look(names: HostNames, name: string): Promise<string> {
  return new Promise((resolve) => {
    names.lookup(name, { all: true }, (error, found) => {
      resolve(error?.code ?? (Array.isArray(found) ? found.map(({ address }) => address).join(' ') : found));
    });
  });
}

const names = hostNames();
const found: Record<string, string> = {};
const say = async (key: string, name: string): Promise<void> => {
  found[key] = await look(names, name);
};
await say('hosts file', 'in-hosts.example');
await say('search domain, without a dot', 'short');
await say('search domain, with a dot', 'mirror.lab');
await say('nowhere', 'nowhere.example');
await say('fails first', 'late.example');
fails = false;
await say('works then', 'late.example');
fails = true;
await say('is kept', 'late.example');

const many = Promise.all(Array.from({ length: 20 }, () => look(names, 'stuck.example')));
await say('beside a stuck one', 'short');
const started = performance.now();
names.cancel();
found['given up'] = [...new Set(await many)].join(' ');
await say('after that', 'mirror.lab');
// What nobody waits for any more must not keep this process.
void look(names, 'stuck.example');
await say('last', 'in-hosts.example');
names.cancel();
server.close();
process.stdout.write(`${JSON.stringify({ found, cancelMs: performance.now() - started })}\n`);
