import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { localEnvironment } from '../../../src/system/git/git-home.ts';
import { request } from '../../../src/system/http/http.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf } from '../../../src/system/http/http-trust.ts';
import { readNetrc } from '../../../src/system/http/netrc-file.ts';
import { run } from '../../../src/system/process/run.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';

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
  it('is in a file that only this user reads, before the user’s own for that host, and in no argument', async () => {
    const home = join(dir, 'home');
    mkdirSync(home);
    const theirs =
      'machine 127.0.0.1 login you password theirs\nmachine other.example login you password other\ndefault login you password any\n';
    writeFileSync(join(home, '.netrc'), theirs, { mode: 0o600 });
    const access = new GitAccess({
      env: { HOME: home, PATH: process.env['PATH'] },
      netrc: 'machine 127.0.0.1 login me password hunter2',
    });
    const server = await serve(({ headers }, response) => {
      if (headers.authorization === BASIC) response.writeHead(404).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
    });
    const url = `http://127.0.0.1:${String(server.port)}/x.git`;
    const environment = await access.environmentFor(url);
    const file = join(environment['HOME'] ?? '', '.netrc');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toEqual([
      'machine 127.0.0.1 login me password hunter2',
      'machine 127.0.0.1 login you password theirs',
    ]);
    // The user's own is as it was.
    expect(readFileSync(join(home, '.netrc'), 'utf8')).toBe(theirs);

    await run({ file: 'git', args: ['ls-remote', url], env: environment }, { cleanEnv: true, allowFailure: true });
    expect(server.seen.at(-1)?.authorization).toBe(BASIC);
    runCleanups();
    expect(existsSync(file)).toBe(false);
  });
});

describe('~/.netrc', () => {
  /** A mirror that wants a login for everything. */
  const asksForLogin = () =>
    serve((_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end());

  async function lookAt(access: GitAccess, url: string): Promise<void> {
    const env = await access.environmentFor(url);
    await run({ file: 'git', args: ['ls-remote', url], env }, { cleanEnv: true, allowFailure: true });
  }

  function accessOf(netrc: string): GitAccess {
    const home = mkdtempSync(join(dir, 'user-'));
    writeFileSync(join(home, '.netrc'), netrc, { mode: 0o600 });
    return new GitAccess({ env: { HOME: home, PATH: process.env['PATH'] } });
  }

  it('gives its default entry to no mirror that asks for a login, and says so', async () => {
    const mirror = await asksForLogin();
    const access = accessOf('default login me password hunter2\n');
    await lookAt(access, `http://127.0.0.1:${String(mirror.port)}/x.git`);
    expect(mirror.seen.length).toBeGreaterThan(0);
    expect(mirror.seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    expect(access.leftOut()).toMatchObject({ byDefault: true, hosts: 0 });
  });

  it('gives the login of a host to that host, and not to the one that it redirects to', async () => {
    const other = await asksForLogin();
    const mirror = await serve(({ headers, url }, response) => {
      if (headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
      else response.writeHead(302, { location: `http://localhost:${String(other.port)}${url ?? ''}` }).end();
    });
    const access = accessOf(
      'machine localhost login you password theirs\nmachine 127.0.0.1\nlogin me\npassword hunter2',
    );
    await lookAt(access, `http://127.0.0.1:${String(mirror.port)}/x.git`);
    expect(mirror.seen.at(-1)?.authorization).toBe(BASIC);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(other.seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    expect(access.leftOut()).toMatchObject({ byDefault: false, hosts: 1 });
  });

  it('serves two hosts of one run each with its own', async () => {
    const [one, two] = [await asksForLogin(), await asksForLogin()];
    const access = accessOf('machine 127.0.0.1 login me password hunter2 machine localhost login you password theirs');
    await Promise.all([
      lookAt(access, `http://127.0.0.1:${String(one.port)}/x.git`),
      lookAt(access, `http://localhost:${String(two.port)}/x.git`),
    ]);
    expect(one.seen.at(-1)?.authorization).toBe(BASIC);
    expect(two.seen.at(-1)?.authorization).toBe(`Basic ${Buffer.from('you:theirs').toString('base64')}`);
    expect(access.leftOut()).toMatchObject({ byDefault: false, hosts: 0 });
  });
});

describe('two runs in one process', () => {
  it('share neither logins nor certificates nor variables', async () => {
    const home = mkdtempSync(join(dir, 'home-'));
    const runs = ['one', 'two'].map(
      (name) =>
        new GitAccess({
          env: { HOME: home, PATH: process.env['PATH'], http_proxy: `http://${name}.example` },
          netrc: `machine m.example login ${name} password p`,
          certificates: `/${name}.pem`,
        }),
    );
    const seen = await Promise.all(
      runs.map(async (access) => {
        const { HOME = '', GIT_SSL_CAINFO, http_proxy } = await access.environmentFor('https://m.example/x');
        return [readFileSync(join(HOME, '.netrc'), 'utf8').trim(), GIT_SSL_CAINFO, http_proxy];
      }),
    );
    expect(seen).toEqual([
      ['machine m.example login one password p', '/one.pem', 'http://one.example'],
      ['machine m.example login two password p', '/two.pem', 'http://two.example'],
    ]);
    const local = localEnvironment();
    expect(existsSync(join(local['HOME'] ?? '', '.netrc'))).toBe(false);
    expect(local).not.toHaveProperty('GIT_SSL_CAINFO');
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
