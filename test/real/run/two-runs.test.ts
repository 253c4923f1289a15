import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { networkOf } from '../../../src/run/prepare/network.ts';
import { begin } from '../../../src/run/begin.ts';
import type { Network } from '../../../src/run/stage/stages.ts';
import { runGit } from '../../../src/system/git/git.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { selfSigned } from '../mirrors/faulty-mirror.ts';
import { contextOf } from './run-context.ts';

const base = mkdtempSync(join(tmpdir(), 'two-runs-'));
/** Who asked, by the first folder of the path. */
const seen = new Map<string, Set<string>>();
const server = createServer(({ url = '', headers }, response) => {
  const run = url.split('/')[1] ?? '';
  const [, words = ''] = headers.authorization?.split(' ') ?? [];
  seen.set(run, (seen.get(run) ?? new Set()).add(Buffer.from(words, 'base64').toString('utf8')));
  if (words === '') response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
  else response.writeHead(404).end();
});
afterAll(() => {
  server.close();
  runCleanups();
  rmSync(base, { recursive: true, force: true });
});

async function networkFor(name: string): Promise<Network> {
  const dir = join(base, name);
  mkdirSync(dir);
  const netrc = join(dir, 'netrc');
  writeFileSync(netrc, `machine 127.0.0.1 login ${name} password of-${name}\n`, { mode: 0o600 });
  const context = await contextOf(dir, ['build', '--netrc', netrc, '--ca', selfSigned(dir).cert]);
  const env = { PATH: process.env['PATH'], NO_PROXY: `${name}.example` };
  const { from, io } = begin('build', { ...context, env });
  return networkOf(from.options, io);
}

it('two runs in one process keep their logins, certificates and variables apart', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const names = ['one', 'two'];
  const networks = await Promise.all(names.map(networkFor));
  const environments = await Promise.all(
    networks.map(async (network, index) => {
      const { access } = await network.reach();
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/${names[index] ?? ''}/x.git`;
      await runGit(base, ['ls-remote', url], { remote: { access, url }, allowFailure: true });
      return access.environmentFor(url);
    }),
  );
  expect(Object.fromEntries(seen)).toEqual({
    one: new Set(['', 'one:of-one']),
    two: new Set(['', 'two:of-two']),
  });
  for (const [index, environment] of environments.entries()) {
    const name = names[index] ?? '';
    expect(environment['NO_PROXY']).toBe(`${name}.example`);
    const own = readFileSync(join(base, name, 'cert.pem'), 'latin1').trim();
    const other = readFileSync(join(base, names[1 - index] ?? '', 'cert.pem'), 'latin1').trim();
    const believed = readFileSync(environment['GIT_SSL_CAINFO'] ?? '', 'latin1');
    expect([believed.includes(own), believed.includes(other)]).toEqual([true, false]);
  }
});
