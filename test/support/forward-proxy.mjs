// @ts-check
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

/**
 * A forward proxy as networks have it: CONNECT for https, whole URLs for http. It names for each wish whom it was asked for, and whether
 * it was let through.
 *
 * @param {object} [options]
 * @param {string} [options.login] `name:password` that it wants; without it, it takes everybody
 * @param {(host: string, port: number) => {host: string, port: number}} [options.locate] where a name leads; itself else
 * @param {{host: string, port: number}} [options.at] where it listens; a free port of loopback else
 */
export async function startForwardProxy(options = {}) {
  const { login, locate = (host, port) => ({ host, port }), at = { host: '127.0.0.1', port: 0 } } = options;
  /** @type {import('./forward-proxy.d.mts').ProxyWish[]} */
  const wishes = [];
  const wanted = login === undefined ? null : `Basic ${Buffer.from(login).toString('base64')}`;
  /** @param {http.IncomingMessage} request @param {string} method @param {string} target */
  const lets = (request, method, target) => {
    const allowed = wanted === null || request.headers['proxy-authorization'] === wanted;
    wishes.push({ method, target, allowed });
    return allowed;
  };

  const server = http.createServer((request, response) => {
    const asked = request.url ?? '';
    const url = URL.canParse(asked) ? new URL(asked) : null;
    if (url === null) return void response.writeHead(400).end('a proxy is asked for whole URLs\n');
    if (!lets(request, request.method ?? 'GET', url.host)) {
      return void response.writeHead(407, { 'proxy-authenticate': 'Basic realm="corp"' }).end();
    }
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers;
    const onward = http.request({
      ...locate(url.hostname, Number(url.port || 80)),
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  /** @type {Set<import('node:stream').Duplex>} */
  const tunnels = new Set();
  server.on('connect', (request, socket, head) => {
    const [host = '', port = '443'] = (request.url ?? '').split(':');
    if (!lets(request, 'CONNECT', request.url ?? '')) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="corp"\r\n\r\n');
      return;
    }
    const onward = net.connect(locate(host, Number(port)), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) {
      tunnels.add(end);
      end.on('error', () => {
        socket.destroy();
        onward.destroy();
      });
      end.on('close', () => tunnels.delete(end));
    }
  });
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  return {
    host: `${at.host}:${port}`,
    url: `http://${login === undefined ? '' : `${login}@`}${at.host}:${port}`,
    wishes,
    close: async () => {
      for (const end of tunnels) end.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
