import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runGit } from '../../../src/system/git/git.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf, type Trust } from '../../../src/system/http/http-trust.ts';
import { request, type HttpAnswer } from '../../../src/system/http/http.ts';
import type { HttpFailure } from '../../../src/system/http/http-fault.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { selfSigned } from '../mirrors/faulty-mirror.ts';
import { startSocksServer, type SocksOptions, type SocksServer } from './socks-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'moby-build-socks-'));
const keys = selfSigned(dir);
const servers: Server[] = [];
const proxies: SocksServer[] = [];
let trust: Trust;
let http: number;
let https: number;

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function socks(options: SocksOptions): Promise<SocksServer> {
  const server = await startSocksServer(options);
  proxies.push(server);
  return server;
}

beforeAll(async () => {
  trust = await trustOf({}, keys.cert);
  http = await listen(createServer((_, response) => response.end('here')));
  https = await listen(
    createTlsServer({ key: readFileSync(keys.key), cert: readFileSync(keys.cert) }, (_, response) =>
      response.end('here'),
    ),
  );
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dir, { recursive: true });
});

function ask(url: string, env: Readonly<Record<string, string>>): Promise<HttpAnswer | HttpFailure> {
  const wish = { url, maxBytes: 1000, firstByteMs: 4000, signal: AbortSignal.timeout(5000) };
  return request(wish, { env, trust, names: hostNames() });
}

describe('a request through a SOCKS proxy', () => {
  it.each([
    ['socks5h', 'http://far.corp.example/', 'far.corp.example:80'],
    ['socks5h', 'http://[2001:db8::1]:8080/', '20010db8000000000000000000000001:8080'],
    ['socks5', 'http://localhost:81/', '127.0.0.1:81'],
  ])('%s: %s is asked as %s', async (scheme, url, wished) => {
    const proxy = await socks({ to: http });
    const got = await ask(url, { ALL_PROXY: `${scheme}://127.0.0.1:${String(proxy.port)}` });
    expect(got).toMatchObject({ status: 200, body: Buffer.from('here') });
    expect(proxy.wishes).toEqual([wished]);
  });

  it('speaks TLS with the server behind it, and logs in', async () => {
    const proxy = await socks({ to: https, login: 'me:pass word' });
    const at = `127.0.0.1:${String(proxy.port)}`;
    const good = await ask('https://127.0.0.1/', { https_proxy: `socks5h://me:pass%20word@${at}` });
    expect(good).toMatchObject({ status: 200, body: Buffer.from('here') });
    expect(await ask('https://other.example/', { https_proxy: `socks5h://me:pass%20word@${at}` })).toMatchObject({
      fault: 'tls',
    });
    expect(await ask('https://127.0.0.1/', { https_proxy: `socks5h://me:wrong@${at}` })).toEqual({
      fault: 'refused',
      reason: 'the SOCKS proxy says no: it does not take the login',
    });
    expect(await ask('https://127.0.0.1/', { https_proxy: `socks5h://${at}` })).toMatchObject({
      reason: 'the SOCKS proxy says no: it wants a login',
    });
  });

  it.each([
    [5, 'the SOCKS proxy says no: the connection is refused'],
    [2, 'the SOCKS proxy says no: its rules do not allow this connection'],
    ['hang-up', 'the SOCKS proxy says no: it ends the connection'],
    ['page', 'the SOCKS proxy says no: what it answers is not SOCKS 5'],
  ] as const)('one that answers %s is named', async (fault, reason) => {
    const proxy = await socks({ to: http, fault });
    const got = await ask('http://far.corp.example/', { http_proxy: `socks5h://127.0.0.1:${String(proxy.port)}` });
    expect(got).toEqual({ fault: 'refused', reason });
  });

  it('is not asked for what no_proxy names', async () => {
    const proxy = await socks({ to: https });
    const env = { all_proxy: `socks5h://127.0.0.1:${String(proxy.port)}`, NO_PROXY: 'localhost,127.0.0.0/8' };
    expect(await ask(`http://127.0.0.1:${String(http)}/`, env)).toMatchObject({ status: 200 });
    expect(proxy.wishes).toEqual([]);
  });
});

describe('git through a SOCKS proxy', () => {
  it('asks for a name that only the proxy knows', async () => {
    materializeLightTree(join(dir, 'tree'));
    const git = await startGitServer({
      '/repo': { kind: 'git', repository: makeBare(join(dir, 'tree'), join(dir, 'repo.git')) },
    });
    const proxy = await startSocksServer({ to: Number(new URL(git.url).port) });
    const env = { PATH: process.env['PATH'], ALL_PROXY: `socks5h://127.0.0.1:${String(proxy.port)}` };
    const url = 'http://git.corp.example/repo';
    const { stdout } = await runGit(dir, ['ls-remote', url, 'HEAD'], {
      remote: { access: new GitAccess({ env }), url },
    });
    expect(stdout).toMatch(/^[0-9a-f]{40}\tHEAD/u);
    expect(new Set(proxy.wishes)).toEqual(new Set(['git.corp.example:80']));
    // It holds connections to the server.
    await proxy.close();
    await git.close();
  });
});
