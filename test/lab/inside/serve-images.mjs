// @ts-check
import http from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * The lab's registry, which listens on loopback only.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path
 */
export function serveImages(request, response, path) {
  return new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
    const inner = http.request(
      {
        host: '127.0.0.1',
        port: 5000,
        path,
        method: request.method,
        headers: { ...request.headers, host: request.headers.host ?? '' },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, response).then(resolve, reject);
      },
    );
    inner.on('error', reject);
    request.pipe(inner);
  });
}
