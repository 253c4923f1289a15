import { connect, type Socket } from 'node:net';
import { bareHost, isDirect, proxyFor, proxyVariable, type Proxy } from '../system/http/proxy-variables.ts';
import { connectThrough } from '../system/http/socks.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A connection that is not made within this is none. */
const CONNECT_MS = 30_000;

/** A connection to a host for TLS, the way that this environment's proxies say. Throws what the network throws. */
export async function openWay(host: string, port: number, env: Environment): Promise<Socket> {
  const proxy = proxyOf(new URL(`https://${host.includes(':') ? `[${host}]` : host}:${String(port)}`), env);
  if (proxy === null) return connected(host, port);
  if (proxy.kind !== 'http') return throughSocks(proxy, host, port);
  const socket = await connected(bareHost(proxy.url), portOf(proxy.url, '80'));
  const login = loginOf(proxy.url);
  const place = `${host}:${String(port)}`;
  socket.write(
    `CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n${login === null ? '' : `proxy-authorization: ${login}\r\n`}\r\n`,
  );
  await tunnelled(socket, proxy.url.host);
  return socket;
}

/** Where a plain request goes: to the host itself, or to a proxy with the whole URL as its path. Throws what the network throws. */
export async function wayTo(
  url: URL,
  env: Environment,
): Promise<{
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly createConnection?: () => Socket;
}> {
  const proxy = proxyOf(url, env);
  const own = { host: bareHost(url), port: portOf(url, '80'), path: `${url.pathname}${url.search}`, headers: {} };
  if (proxy === null) return own;
  if (proxy.kind !== 'http') {
    const socket = await throughSocks(proxy, own.host, own.port);
    return { ...own, createConnection: () => socket };
  }
  const login = loginOf(proxy.url);
  const headers: Record<string, string> = login === null ? {} : { 'proxy-authorization': login };
  return { host: bareHost(proxy.url), port: portOf(proxy.url, '80'), path: url.href, headers };
}

function proxyOf(url: URL, env: Environment): Proxy | null {
  if (isDirect(url, proxyVariable('no_proxy', env) ?? '')) return null;
  return proxyFor(url.protocol === 'https:' ? 'https' : 'http', env);
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    socket.once('timeout', () => socket.destroy(new Error(`${host} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

async function throughSocks(proxy: Proxy, host: string, port: number): Promise<Socket> {
  const { url } = proxy;
  const socket = await connected(bareHost(url), portOf(url, '1080'));
  const login =
    url.username === '' ? null : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  await connectThrough(socket, host, port, login);
  return socket;
}

/** Waits for the answer to CONNECT; what comes behind it belongs to the connection. */
function tunnelled(socket: Socket, proxy: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const failed = (why: string): void => {
      socket.destroy();
      reject(new Error(`the proxy ${proxy} ${why}`));
    };
    const ended = (): void => {
      failed('ends the connection');
    };
    socket.once('error', reject);
    socket.once('close', ended);
    const read = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      socket.off('data', read);
      socket.off('close', ended);
      socket.off('error', reject);
      socket.pause();
      const status = /^HTTP\/1\.[01] (\d{3})/u.exec(head.toString('latin1'))?.[1] ?? '';
      if (status !== '200') {
        failed(`answers ${status === '' ? 'no HTTP' : status}`);
        return;
      }
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      resolve();
    };
    socket.on('data', read);
  });
}

function portOf(url: URL, otherwise: string): number {
  return Number(url.port === '' ? otherwise : url.port);
}

function loginOf(url: URL): string | null {
  if (url.username === '') return null;
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
}
