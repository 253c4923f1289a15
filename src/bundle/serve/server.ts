import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { streamOf, type LocatedBundle } from '../locate-files.ts';
import { uploadPack, type Repositories } from './repositories.ts';
import { routeOf, type Route } from './route.ts';
import { readSite, type Site } from './site.ts';

/** What a client of git says that it has and wants. */
const MOST_BYTES_OF_REQUEST = 16 * 1024 * 1024;

export interface BundleServer {
  /** `127.0.0.1:8470`; an address of version 6 in brackets. */
  readonly host: string;
  /** What was asked for so far, and how much of it was not there. */
  readonly counts: () => { readonly requests: number; readonly missing: number };
  readonly close: () => Promise<void>;
}

/**
 * Serves the objects of a bundle by http, read-only: images, Debian's suites, Go modules, repositories. Every client checks what it gets itself.
 *
 * @param listen address and port; port 0: any
 * @throws what the system says of an address that cannot be listened at
 */
export async function startBundleServer(
  bundle: LocatedBundle,
  repositories: Repositories,
  listen: { readonly address: string; readonly port: number },
): Promise<BundleServer> {
  const site = await readSite(bundle);
  let requests = 0;
  let missing = 0;
  const server = createServer((request, response) => {
    requests += 1;
    answer(request, response, { bundle, repositories, site }).then(
      (found) => {
        if (!found) missing += 1;
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(listen.port, listen.address, ready);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    host: `${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`,
    counts: () => ({ requests, missing }),
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}

interface Served {
  readonly bundle: LocatedBundle;
  readonly repositories: Repositories;
  readonly site: Site;
}

/** @returns whether there was something to give */
async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<boolean> {
  const { method = 'GET', url = '/' } = request;
  const isRead = method === 'GET' || method === 'HEAD';
  const parsed = URL.canParse(url, 'http://bundle.invalid') ? new URL(url, 'http://bundle.invalid') : null;
  const route = parsed === null ? null : routeOf(method, parsed, served.site);
  if (!isRead && !(route?.is === 'git' && route.service === 'pack')) {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return false;
  }
  if (route?.is === 'git') return answerGit(request, response, served, route);
  if (route === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not in this bundle\n');
    return false;
  }
  const place = route.is === 'file' ? served.bundle.files.get(route.path) : undefined;
  const bytes = route.is === 'text' ? Buffer.byteLength(route.text) : (place?.bytes ?? 0);
  response.writeHead(200, { ...route.headers, 'content-length': bytes });
  if (method === 'HEAD') response.end();
  else if (route.is === 'text') response.end(route.text);
  else if (place !== undefined) await pipeline(streamOf(place), response);
  return true;
}

async function answerGit(
  request: IncomingMessage,
  response: ServerResponse,
  { repositories }: Served,
  { repository, service }: Extract<Route, { is: 'git' }>,
): Promise<boolean> {
  const dir = repositories.get(repository);
  const body = service === 'pack' ? await bodyOf(request) : null;
  if (dir === undefined || (service === 'pack' && body === null)) {
    response.writeHead(dir === undefined ? 404 : 413).end();
    return false;
  }
  const protocol = request.headers['git-protocol'];
  const said = await uploadPack(dir, typeof protocol === 'string' ? protocol : '', body);
  const type = service === 'pack' ? 'result' : 'advertisement';
  response
    .writeHead(200, { 'content-type': `application/x-git-upload-pack-${type}`, 'cache-control': 'no-cache' })
    .end(said);
  return true;
}

/** null: it is too long. git compresses what is long. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES_OF_REQUEST) return null;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  return gunzipSync(body, { maxOutputLength: MOST_BYTES_OF_REQUEST });
}
