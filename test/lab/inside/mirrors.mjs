// @ts-check
/**
 * The mirrors of the lab: one process that answers under all their names, on port 80 and 443, and writes a line for each
 * request. It runs inside the seal; what has to come from outside it asks of the gateway, through a socket.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { serveDebian } from './serve-debian.mjs';
import { serveGit } from './serve-git.mjs';
import { serveGo, serveSumdb } from './serve-go.mjs';
import { serveImages } from './serve-images.mjs';

const settings = JSON.parse(readFileSync('/srv/lab/mirrors.json', 'utf8'));

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{pattern: RegExp, kind: string, serve: (request: Request, response: Response, rest: string) => Promise<void>}} Route
 */

/** @type {Record<string, (host: string) => Route[]>} */
const routes = {
  debian: () => [
    {
      pattern: /^\/(debian\/.*)$/,
      kind: 'apt',
      serve: (q, r, rest) => serveDebian(q, r, rest, settings.suites.normal, false),
    },
    {
      pattern: /^\/(debian-security\/.*)$/,
      kind: 'apt',
      serve: (q, r, rest) => serveDebian(q, r, rest, settings.suites.normal, false),
    },
  ],
  archive: () => [
    {
      pattern: /^\/debian-archive\/(debian(?:-security)?\/.*)$/,
      kind: 'apt',
      serve: (q, r, rest) => serveDebian(q, r, rest, settings.suites.archive, true),
    },
  ],
  'git-prefix': () => [{ pattern: /^\/https:\/\/github\.com(\/.*)$/, kind: 'git', serve: serveGit }],
  'git-swap': () => [{ pattern: /^(\/[^/]+\/[^/]+\.git\/.*)$/, kind: 'git', serve: serveGit }],
  'git-path': () => [{ pattern: /^\/github\.com(\/.*)$/, kind: 'git', serve: serveGit }],
  go: () => [{ pattern: /^\/(.*)$/, kind: 'go', serve: (q, r, rest) => serveGo(q, r, rest, settings) }],
  'go-path': () => [{ pattern: /^\/goproxy\/(.*)$/, kind: 'go', serve: (q, r, rest) => serveGo(q, r, rest, settings) }],
  sumdb: () => [{ pattern: /^\/(.*)$/, kind: 'sumdb', serve: (q, r, rest) => serveSumdb(q, r, rest, settings) }],
  image: () => [{ pattern: /^(\/v2\/.*)$/, kind: 'image', serve: serveImages }],
};

/** @param {boolean} secure */
function listener(secure) {
  /** @param {Request} request @param {Response} response */
  return (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = request.url ?? '/';
    const route = (settings.mirrors[host] ?? [])
      .flatMap((/** @type {string} */ style) => routes[style]?.(host) ?? [])
      .find((/** @type {Route} */ { pattern }) => pattern.test(path));
    const socket = request.socket;
    const before = socket.bytesWritten;
    response.on('close', () => {
      const line = {
        time: new Date().toISOString(),
        host,
        scheme: secure ? 'https' : 'http',
        method: request.method,
        path,
        status: response.statusCode,
        bytes: socket.bytesWritten - before,
        kind: route?.kind ?? 'other',
        whole: response.writableFinished,
      };
      appendFileSync('/srv/lab/logs/requests.jsonl', `${JSON.stringify(line)}\n`);
    });
    const answer =
      route === undefined ? notHere(response) : route.serve(request, response, route.pattern.exec(path)?.[1] ?? '');
    answer.catch((/** @type {Error} */ error) => {
      console.error(`${host}${path}: ${error.stack ?? error.message}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end(`lab: ${error.message}\n`);
    });
  };
}

/** @param {Response} response */
async function notHere(response) {
  response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>not found</body></html>\n');
}

const plain = http.createServer(listener(false));
const secure = https.createServer(
  { key: readFileSync('/srv/lab/server.key'), cert: readFileSync('/srv/lab/server.pem') },
  listener(true),
);
let listening = 0;
for (const [server, port] of /** @type {const} */ ([
  [plain, 80],
  [secure, 443],
])) {
  server.keepAliveTimeout = 30_000;
  server.listen(port, settings.address, () => {
    listening += 1;
    if (listening === 2) writeFileSync('/run/mirrors-ready', '');
  });
}
