// @ts-check
/**
 * The mirrors of the lab: one process that answers under all their names, on port 80 and 443, and writes a line for each
 * request. It runs inside the seal; what has to come from outside it asks of the gateway, through a socket.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { corporate, isCorporate, refuseStranger } from './corporate.mjs';
import { countBytes } from './count-bytes.mjs';
import { faultOf, hasBadCertificate } from './fault-rules.mjs';
import { healthySocket, meetFault } from './meet-fault.mjs';
import { serveDebian } from './serve-debian.mjs';
import { serveGit } from './serve-git.mjs';
import { serveGo, serveSumdb } from './serve-go.mjs';
import { serveImages } from './serve-images.mjs';
import { shortIndexes } from './short-index.mjs';

const settings = JSON.parse(readFileSync('/srv/lab/mirrors.json', 'utf8'));
/** Made while the engine starts. */
const short = shortIndexes(settings);
const archives = {
  normal: { suites: settings.suites.normal, expired: false, short },
  archive: { suites: settings.suites.archive, expired: true, short },
};

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
      serve: (q, r, rest) => serveDebian(q, r, rest, archives.normal),
    },
    {
      pattern: /^\/(debian-security\/.*)$/,
      kind: 'apt',
      serve: (q, r, rest) => serveDebian(q, r, rest, archives.normal),
    },
  ],
  archive: () => [
    {
      pattern: /^\/debian-archive\/(debian(?:-security)?\/.*)$/,
      kind: 'apt',
      serve: (q, r, rest) => serveDebian(q, r, rest, archives.archive),
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

/** @param {string} host @param {string} path @returns {Route | undefined} */
function routeOf(host, path) {
  return (settings.mirrors[host] ?? [])
    .flatMap((/** @type {string} */ style) => routes[style]?.(host) ?? [])
    .find((/** @type {Route} */ { pattern }) => pattern.test(path));
}

/** @param {Request} request */
function hostOf(request) {
  return (request.headers.host ?? '').replace(/:\d+$/, '');
}

/** What is served without any fault. @param {Request} request @param {Response} response */
async function serveHealthy(request, response) {
  const path = request.url ?? '/';
  const route = routeOf(hostOf(request), path);
  if (route === undefined) await notHere(response);
  else await route.serve(request, response, route.pattern.exec(path)?.[1] ?? '');
}

/** @param {Promise<void>} answer @param {Request} request @param {Response} response */
function orSayWhy(answer, request, response) {
  answer.catch((/** @type {Error} */ error) => {
    console.error(`${hostOf(request)}${request.url}: ${error.stack ?? error.message}`);
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(`lab: ${error.message}\n`);
  });
}

/** @param {boolean} secure */
function listener(secure) {
  /** @param {Request} request @param {Response} response */
  return (request, response) => {
    const host = hostOf(request);
    const path = request.url ?? '/';
    const method = request.method ?? 'GET';
    const kind = routeOf(host, path)?.kind ?? 'other';
    const bytes = countBytes(response);
    const fault = faultOf(host, kind, method, path);
    response.on('close', () => {
      const line = {
        time: new Date().toISOString(),
        host,
        scheme: secure ? 'https' : 'http',
        method,
        path,
        status: response.headersSent ? response.statusCode : 0,
        bytes: bytes(),
        kind,
        whole: response.writableFinished,
        from: request.socket.remoteAddress ?? '',
        ...(fault === null ? {} : { fault: fault.fault }),
      };
      appendFileSync('/srv/lab/logs/requests.jsonl', `${JSON.stringify(line)}\n`);
    });
    if (refuseStranger(host, request, response)) return;
    const answer = fault === null ? serveHealthy(request, response) : meetFault(fault, kind, request, response);
    orSayWhy(answer, request, response);
  };
}

/** @param {Response} response */
async function notHere(response) {
  response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>not found</body></html>\n');
}

const plain = http.createServer(listener(false));
const pem = (/** @type {string} */ name) => ({
  key: readFileSync(`/srv/lab/${name}.key`),
  cert: readFileSync(`/srv/lab/${name}.pem`),
});
const own = createSecureContext(pem('server'));
const strange = createSecureContext(pem('stranger'));
const corp = corporate === null ? own : createSecureContext(pem('corporate/server'));
const secure = https.createServer(
  {
    ...pem('server'),
    SNICallback: (name, done) => {
      done(null, hasBadCertificate(name) ? strange : isCorporate(name) ? corp : own);
    },
  },
  listener(true),
);
const healthy = http.createServer((request, response) => {
  orSayWhy(serveHealthy(request, response), request, response);
});
let listening = 0;
/** @param {http.Server} server @param {[string] | [number, string]} where */
function listen(server, where) {
  server.keepAliveTimeout = 30_000;
  const done = () => {
    listening += 1;
    if (listening === 3) void short.then(() => writeFileSync('/run/mirrors-ready', ''));
  };
  if (where.length === 1) server.listen(where[0], done);
  else server.listen(where[0], where[1], done);
}
listen(plain, [80, settings.address]);
listen(secure, [443, settings.address]);
listen(healthy, [healthySocket]);
