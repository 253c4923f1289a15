import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, dirname, join } from 'node:path';

/**
 * How one path answers.
 * - `git`: real git over `git http-backend`; `allowFilter: false` is a server without partial clones; `delayMs` before each answer;
 *   `dropAfter`: the connection is cut after so many bytes of a pack; `singles: false`: protocol 0, and no commit that no ref names.
 * - `dumb`: the files of a repository over plain HTTP (gitprotocol-http(5), the dumb protocol): no shallow fetch, no filter.
 * - `html`: status 200 and a page, whatever is asked, as parked domains and login portals do.
 * - `status`: that HTTP status, `retryAfter` seconds in its header; after `times` requests what `then` says. - `hang`: accepts and never answers. - `stall`: a first line of git, then silence.
 * - `redirect`: 302 to `to`.
 * @typedef {{kind: 'git', repository: string, allowFilter?: boolean, delayMs?: number, dropAfter?: number, singles?: boolean}
 *   | {kind: 'dumb', repository: string}
 *   | {kind: 'html', body?: string} | {kind: 'status', status: number, retryAfter?: number, times?: number, then?: Behaviour} | {kind: 'hang'} | {kind: 'stall'}
 *   | {kind: 'redirect', to: string}} Behaviour
 */

/** @typedef {{method: string, path: string, status: number | null, bytes: number, behaviour: string}} SeenRequest */

/**
 * An HTTP server on loopback that plays git mirrors. `routes`: behaviour by path prefix; the longest that fits counts.
 * The prefix is the repository's URL path: with `/mirror/https://github.com/moby/moby` git asks for `…/moby/info/refs`; a
 * `.git` at the end of what is asked is taken as there or not.
 *
 * @param {Record<string, Behaviour>} routes may be changed while it runs
 * @returns {Promise<{url: string, requests: SeenRequest[], close: () => Promise<void>}>} `url` without a slash at the end
 */
export async function startGitServer(routes) {
  /** @type {SeenRequest[]} */
  const requests = [];
  const running = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const path = decodeURIComponent(url.pathname);
    const prefix = Object.keys(routes)
      .filter(
        (candidate) => path === candidate || path.startsWith(`${candidate}/`) || path.startsWith(`${candidate}.git/`),
      )
      .sort((a, b) => b.length - a.length)[0];
    const first = prefix === undefined ? { kind: 'status', status: 404 } : routes[prefix];
    if (first?.kind === 'status' && first.times !== undefined) first.times -= 1;
    const behaviour =
      first?.kind === 'status' && first.then !== undefined && (first.times ?? 0) < 0 ? first.then : first;
    const seen = {
      method: request.method ?? '',
      path: url.pathname + url.search,
      status: null,
      bytes: 0,
      behaviour: behaviour.kind,
    };
    requests.push(seen);
    const write = response.write.bind(response);
    response.write = (chunk, ...rest) => {
      seen.bytes += chunk.length;
      return write(chunk, ...rest);
    };
    response.on('close', () => {
      seen.status = response.headersSent ? response.statusCode : null;
    });
    answer(behaviour, prefix ?? '', path, url, request, response, running);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(behaviour, prefix, path, url, request, response, running) {
  switch (behaviour.kind) {
    case 'git':
      setTimeout(
        () =>
          serveGit(behaviour, path.slice(prefix.length).replace(/^\.git(?=\/)/, ''), url, request, response, running),
        behaviour.delayMs ?? 0,
      );
      return;
    case 'dumb':
      request.resume();
      serveFile(join(behaviour.repository, path.slice(prefix.length).replace(/^\.git(?=\/)/, '')), response);
      return;
    case 'html':
      request.resume();
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(behaviour.body ?? '<!doctype html><title>Welcome</title><p>This domain is for sale.');
      return;
    case 'status':
      request.resume();
      response.statusCode = behaviour.status;
      if (behaviour.retryAfter !== undefined) response.setHeader('Retry-After', String(behaviour.retryAfter));
      if (behaviour.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="mirror"');
      response.end('no\n');
      return;
    case 'redirect':
      request.resume();
      response.statusCode = 302;
      response.setHeader('Location', behaviour.to);
      response.end();
      return;
    case 'stall':
      request.resume();
      response.setHeader('Content-Type', 'application/x-git-upload-pack-advertisement');
      response.write('001e# service=git-upload-pack\n0000');
      return;
    case 'hang':
      return;
  }
}

/** One request through `git http-backend` (CGI/1.1, RFC 3875). */
function serveGit(behaviour, inside, url, request, response, running) {
  const settings = {
    'safe.directory': '*',
    'uploadpack.allowFilter': String(behaviour.allowFilter ?? true),
    'uploadpack.allowAnySHA1InWant': String(behaviour.singles ?? true),
  };
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: dirname(behaviour.repository),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${basename(behaviour.repository)}${inside}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: behaviour.singles === false ? '' : (request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
      ...settingsInEnvironment(settings),
    },
  });
  running.add(backend);
  backend.on('close', () => running.delete(backend));
  backend.stdin.on('error', () => response.destroy());
  request.pipe(backend.stdin);
  let head = Buffer.alloc(0);
  let inBody = false;
  let sent = 0;
  let cut = false;
  backend.stdout.on('data', (chunk) => {
    if (cut) return;
    let body = chunk;
    if (!inBody) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      for (const line of head.subarray(0, end).toString().split('\r\n')) {
        const [, name, value] = /^([^:]+): *(.*)$/.exec(line) ?? [];
        if (name?.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
        else if (name !== undefined) response.setHeader(name, value);
      }
      inBody = true;
      body = head.subarray(end + 4);
    }
    // Only packs are cut: what comes before must work, as it does on a line that breaks.
    const isPack = inside === '/git-upload-pack' && request.method === 'POST';
    if (isPack && behaviour.dropAfter !== undefined && sent + body.length > behaviour.dropAfter) {
      cut = true;
      response.write(body.subarray(0, Math.max(0, behaviour.dropAfter - sent)), () => response.destroy());
      backend.kill('SIGKILL');
      return;
    }
    sent += body.length;
    if (body.length > 0) response.write(body);
  });
  backend.on('close', () => response.end());
}

/**
 * Serves one file of a repository, as a web server without git does (gitprotocol-http(5), "dumb" clients). Clients need the lists that
 * `git update-server-info` writes.
 */
function serveFile(file, response) {
  readFile(file).then(
    (bytes) => {
      response.setHeader('Content-Type', 'text/plain');
      response.end(bytes);
    },
    () => {
      response.statusCode = 404;
      response.end('no\n');
    },
  );
}

/** git-config(1), GIT_CONFIG_COUNT (git 2.31 and later). */
function settingsInEnvironment(settings) {
  const entries = Object.entries(settings);
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([name, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, name],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]);
}

/**
 * A bare copy of a repository, as servers have it; a server of files finds its way in it, too.
 *
 * @param {string} from a work tree's directory
 * @param {string} to
 * @returns {string} `to`
 */
export function makeBare(from, to) {
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', '--bare', '--no-local', join(from, '.git'), to], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  });
  if (status !== 0) throw new Error(`git clone --bare: ${stderr}`);
  spawnSync('git', ['-C', to, 'update-server-info'], { env: { PATH: process.env.PATH, HOME: '/nonexistent' } });
  return to;
}
