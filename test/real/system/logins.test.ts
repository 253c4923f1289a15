import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { makeGitHome } from '../../../src/system/git-home.ts';
import { request } from '../../../src/system/http.ts';
import { hostNames } from '../../../src/system/host-names.ts';
import { trustOf } from '../../../src/system/http-trust.ts';
import { readNetrc } from '../../../src/system/netrc-file.ts';
import { run } from '../../../src/system/run.ts';
import { runCleanups } from '../../../src/system/supervisor.ts';

const dir = mkdtempSync(join(tmpdir(), 'moby-build-logins-'));
const LOGIN = { machine: '127.0.0.1', login: 'me', password: 'hunter2' };
const BASIC = `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
const closing: (() => Promise<void>)[] = [];

/** What a server was asked: path and Authorization. */
interface Server {
  readonly port: number;
  readonly seen: { readonly path: string; readonly authorization: string | undefined }[];
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const seen: Server['seen'][number][] = [];
  const server = createServer((asked, response) => {
    seen.push({ path: asked.url ?? '', authorization: asked.headers.authorization });
    answer(asked, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

async function ask(url: string, more: { loginOf?: string; headers?: Record<string, string> } = {}) {
  const reach = { env: {}, trust: await trustOf({}, null), names: hostNames(), logins: [LOGIN] };
  return request({ url, maxBytes: 1000, firstByteMs: 5000, signal: AbortSignal.timeout(5000), ...more }, reach);
}

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(() => {
  runCleanups();
  rmSync(dir, { recursive: true, force: true });
});

describe('a login in our own requests', () => {
  it('goes to its host, and to no other that the answer leads to', async () => {
    const other = await serve((_, response) => response.end('there'));
    const mirror = await serve(({ url }, response) => {
      if (url === '/here') response.end('here');
      else if (url === '/moved') response.writeHead(302, { location: '/here' }).end();
      // localhost is another host than 127.0.0.1, which the login is for.
      else response.writeHead(302, { location: `http://localhost:${String(other.port)}/there` }).end();
    });
    const at = `http://127.0.0.1:${String(mirror.port)}`;
    expect(await ask(`${at}/moved`)).toMatchObject({ status: 200 });
    expect(mirror.seen.map(({ authorization }) => authorization)).toEqual([BASIC, BASIC]);
    expect(await ask(`${at}/away`)).toMatchObject({ status: 200 });
    expect(other.seen).toEqual([{ path: '/there', authorization: undefined }]);
  });

  it('is not sent to another port that a redirect names', async () => {
    const other = await serve((_, response) => response.end('there'));
    const mirror = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${String(other.port)}/there` }).end(),
    );
    await ask(`http://127.0.0.1:${String(mirror.port)}/`);
    expect(other.seen).toEqual([{ path: '/there', authorization: undefined }]);
  });

  it('of a registry is shown to the server of its tokens; a token of its own wins', async () => {
    const tokens = await serve((_, response) => response.end('{}'));
    const at = `http://localhost:${String(tokens.port)}/token`;
    await ask(at);
    await ask(at, { loginOf: 'http://127.0.0.1:1/v2/x' });
    await ask(at, { loginOf: 'http://127.0.0.1:1/v2/x', headers: { authorization: 'Bearer t' } });
    expect(tokens.seen.map(({ authorization }) => authorization)).toEqual([undefined, BASIC, 'Bearer t']);
  });
});

describe('a login for git', () => {
  it('is in a file that only this user reads, before the user’s own, and in no argument', async () => {
    const home = join(dir, 'home');
    mkdirSync(home);
    writeFileSync(join(home, '.netrc'), 'machine theirs.example login you password theirs\n', { mode: 0o600 });
    const environment = await makeGitHome(
      { HOME: home, PATH: process.env['PATH'] },
      'machine 127.0.0.1 login me password hunter2',
    );
    const file = join(environment['HOME'] ?? '', '.netrc');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toEqual([
      'machine 127.0.0.1 login me password hunter2',
      'machine theirs.example login you password theirs',
    ]);
    // The user's own is as it was.
    expect(readFileSync(join(home, '.netrc'), 'utf8')).toBe('machine theirs.example login you password theirs\n');

    const server = await serve(({ headers }, response) => {
      if (headers.authorization === BASIC) response.writeHead(404).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
    });
    const url = `http://127.0.0.1:${String(server.port)}/x.git`;
    await run({ file: 'git', args: ['ls-remote', url], env: environment }, { cleanEnv: true, allowFailure: true });
    expect(server.seen.at(-1)?.authorization).toBe(BASIC);
    runCleanups();
    expect(existsSync(file)).toBe(false);
  });
});

describe('readNetrc', () => {
  it.each([
    [0o600, false],
    [0o640, true],
    [0o604, true],
  ])('mode %o: others may read it: %s', async (mode, others) => {
    const file = join(dir, `netrc-${mode.toString(8)}`);
    writeFileSync(file, 'machine a login me password hunter2\n');
    chmodSync(file, mode);
    expect(await readNetrc(file)).toMatchObject({ readableByOthers: others, logins: [{ machine: 'a' }] });
  });

  it('a file that is not there is exit 2', async () => {
    await expect(readNetrc(join(dir, 'none'))).rejects.toMatchObject({ code: 'no-such-file', exitCode: 2 });
  });
});
