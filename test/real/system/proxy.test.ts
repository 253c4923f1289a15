import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf, type Trust } from '../../../src/system/http/http-trust.ts';
import { request, type HttpAnswer } from '../../../src/system/http/http.ts';
import type { HttpFailure } from '../../../src/system/http/http-fault.ts';
import { run } from '../../../src/system/process/run.ts';
import { startForwardProxy, type ForwardProxy } from '../../support/forward-proxy.mjs';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { selfSigned } from '../mirrors/faulty-mirror.ts';

const dir = mkdtempSync(join(tmpdir(), 'moby-build-proxy-'));
const keys = selfSigned(dir);
const PASSWORD = 'geheim-7310';
const servers: Server[] = [];
let trust: Trust;
let git: Awaited<ReturnType<typeof startGitServer>>;
let proxy: ForwardProxy;
/** The headers that the servers behind the proxy were sent, newest last. */
const sent: IncomingMessage['headers'][] = [];

/** A server that sends `/elsewhere` to another host and answers all else. */
function answer(asked: IncomingMessage, response: ServerResponse): void {
  sent.push(asked.headers);
  if (asked.url === '/elsewhere') response.writeHead(302, { location: 'http://other.corp.example/' }).end();
  else response.end('here');
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  trust = await trustOf({}, keys.cert);
  materializeLightTree(join(dir, 'tree'));
  git = await startGitServer({
    '/repo': { kind: 'git', repository: makeBare(join(dir, 'tree'), join(dir, 'repo.git')) },
  });
  const http = await listen(createServer(answer));
  const https = await listen(createTlsServer({ key: readFileSync(keys.key), cert: readFileSync(keys.cert) }, answer));
  const places: Readonly<Record<string, number>> = {
    'git.corp.example:80': Number(new URL(git.url).port),
    '127.0.0.1:443': https,
  };
  proxy = await startForwardProxy({
    login: `me:${PASSWORD}`,
    locate: (host, port) => ({ host: '127.0.0.1', port: places[`${host}:${String(port)}`] ?? http }),
  });
});
afterAll(async () => {
  await proxy.close();
  await git.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dir, { recursive: true });
});

function ask(url: string, proxyUrl: string, headers = {}): Promise<HttpAnswer | HttpFailure> {
  const env = { http_proxy: proxyUrl, https_proxy: proxyUrl };
  const wish = { url, headers, maxBytes: 1000, firstByteMs: 4000, signal: AbortSignal.timeout(5000) };
  return request(wish, { env, trust, names: hostNames() });
}

describe('a request through a proxy that wants a login', () => {
  it.each([
    ['http://apt.corp.example/', 'GET', 'apt.corp.example'],
    ['https://127.0.0.1/', 'CONNECT', '127.0.0.1:443'],
  ])('%s gets there, and its server never sees the login', async (url, method, target) => {
    const seen = proxy.wishes.length;
    expect(await ask(url, proxy.url)).toMatchObject({ status: 200, body: Buffer.from('here') });
    expect(proxy.wishes.slice(seen)).toEqual([{ method, target, allowed: true }]);
    expect(sent.at(-1)).not.toHaveProperty('proxy-authorization');
  });

  it.each(['http://apt.corp.example/', 'https://127.0.0.1/'])('%s: a wrong one is told, not shown', async (url) => {
    const got = await ask(url, `http://me:wrong-5521@${proxy.host}`);
    expect(JSON.stringify(got)).not.toContain('wrong-5521');
    expect(got).toMatchObject({
      fault: 'refused',
      reason: expect.stringMatching(/^the proxy says no: .*407/u) as string,
    });
  });

  it('shows the login of a mirror to no host that the mirror sends it to', async () => {
    const seen = sent.length;
    const got = await ask('http://apt.corp.example/elsewhere', proxy.url, { authorization: 'Basic eHg6eXk=' });
    expect(got).toMatchObject({ status: 200, url: 'http://other.corp.example/' });
    expect(sent.slice(seen).map(({ host, authorization }) => [host, authorization])).toEqual([
      ['apt.corp.example', 'Basic eHg6eXk='],
      ['other.corp.example', undefined],
    ]);
  });
});

describe('git through a proxy that wants a login', () => {
  it('clones, and the password is in the arguments of no process', async () => {
    const env = await new GitAccess({ env: { PATH: process.env['PATH'], http_proxy: proxy.url } }).environmentFor(
      'http://git.corp.example/repo',
    );
    const seen = proxy.wishes.length;
    let samples = 0;
    const shown = new Set<string>();
    const timer = setInterval(() => {
      samples += 1;
      for (const line of commandLines()) if (line.includes(PASSWORD)) shown.add(line);
    }, 5);
    try {
      await run(
        { file: 'git', args: ['clone', '-q', '--depth=1', 'http://git.corp.example/repo', join(dir, 'clone')], env },
        { cleanEnv: true, timeoutMs: 20_000 },
      );
    } finally {
      clearInterval(timer);
    }
    expect(samples).toBeGreaterThan(0);
    expect([...shown]).toEqual([]);
    expect(proxy.wishes.slice(seen).filter(({ allowed }) => allowed)).not.toEqual([]);
    expect(readFileSync(join(dir, 'clone/.git/config'), 'utf8')).not.toContain(PASSWORD);
  });
});

/** The arguments of every process that can be seen. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has just left.
        return [];
      }
    });
}
