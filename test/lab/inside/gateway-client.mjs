// @ts-check
import http from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Asks the gateway outside the seal for a place of this machine's own package sources.
 * @param {string} source `debian`, `security`, `go`: which of them
 * @param {string} path below it
 * @param {import('node:http').IncomingHttpHeaders} [headers]
 * @param {string} [method]
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
export function askOutside(source, path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const { host: _host, connection: _connection, ...rest } = headers;
    const request = http.request(
      { socketPath: '/srv/lab/gateway.sock', path: `/${source}/${path}`, method, headers: rest },
      resolve,
    );
    request.on('error', reject);
    request.end();
  });
}

/**
 * Hands an answer of the gateway on, whole or cut off: never as if it were whole.
 * @param {import('node:http').IncomingMessage} answer
 * @param {import('node:http').ServerResponse} response
 */
export async function handOn(answer, response) {
  const headers = Object.fromEntries(
    ['content-type', 'content-length', 'last-modified', 'etag', 'content-range', 'accept-ranges'].flatMap((name) =>
      answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]],
    ),
  );
  response.writeHead(answer.statusCode ?? 502, headers);
  await pipeline(answer, response);
}

/** @param {import('node:http').IncomingMessage} answer @returns {Promise<string>} */
export async function textOf(answer) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of answer) chunks.push(/** @type {Buffer} */ (chunk));
  return Buffer.concat(chunks).toString('utf8');
}
