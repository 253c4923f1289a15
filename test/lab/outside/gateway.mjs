// @ts-check
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * The one way out of the seal: a server on a unix socket that fetches from this machine's own Debian source and module
 * proxy, and from nothing else. Which hosts these are, nobody inside has to know.
 * @param {string} socket
 * @param {Record<string, string>} sources name → base URL without a slash at its end
 * @returns {Promise<http.Server>}
 */
export function startGateway(socket, sources) {
  const server = http.createServer((request, response) => {
    answer(request, response, sources).catch((/** @type {Error} */ error) => {
      if (response.headersSent) response.destroy();
      else
        response
          .writeHead(502, { 'content-type': 'text/plain' })
          .end(`gateway: ${error.message} ${error.cause ?? ''}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, () => resolve(server));
  });
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {Record<string, string>} sources
 */
async function answer(request, response, sources) {
  const [, name = '', rest = ''] = /^\/([a-z]+)\/(.*)$/.exec(request.url ?? '') ?? [];
  const base = sources[name];
  const method = request.method ?? 'GET';
  if (base === undefined || !['GET', 'HEAD'].includes(method) || rest.split('/').includes('..')) {
    response.writeHead(403).end();
    return;
  }
  /** @type {Record<string, string>} */
  const headers = { 'accept-encoding': 'identity' };
  for (const header of ['range', 'if-range', 'if-modified-since']) {
    const value = request.headers[header];
    if (value !== undefined) headers[header] = String(value);
  }
  const stop = new AbortController();
  response.on('close', () => stop.abort());
  const got = await fetchTwice(`${base}/${rest}`, { method, headers, signal: stop.signal });
  response.writeHead(
    got.status,
    Object.fromEntries(
      [...got.headers].filter(
        ([header]) => !['connection', 'keep-alive', 'transfer-encoding', 'content-encoding'].includes(header),
      ),
    ),
  );
  if (got.body === null) response.end();
  else await pipeline(Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (got.body)), response);
}

/** A connection that breaks before the answer begins is tried once more: the lab is not a test of this machine's network. */
async function fetchTwice(/** @type {string} */ url, /** @type {RequestInit} */ init) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return await fetch(url, init);
  }
}
