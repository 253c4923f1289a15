import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { openWay, wayTo, type Environment } from './way-out.ts';
import { bareName } from './sealed-hosts.ts';

/** A host that was asked for, and what went through. */
export interface SealedHost {
  readonly host: string;
  readonly requests: number;
  /** Bytes that came from the host, and that went to it, as they went over the line: TLS is not opened. */
  readonly received: number;
  readonly sent: number;
}

/** What went through a proxy, and what it refused, by name. */
export interface Traffic {
  readonly contacted: readonly SealedHost[];
  readonly refused: readonly { readonly host: string; readonly requests: number }[];
}

export interface SealedProxy {
  readonly port: number;
  /** Lets these through, too. */
  readonly allow: (hosts: readonly string[]) => void;
  readonly traffic: () => Traffic;
  /** Ends every connection. */
  readonly close: () => void;
}

/**
 * A proxy for CONNECT and plain HTTP that lets through the hosts that it was told of, and answers 403 at once for any other. It counts bytes,
 * opens no TLS, and keeps nothing. What it lets through goes the way that this environment's own proxies say.
 *
 * @param address where it listens: of the network that the steps see
 * @throws what `listen` throws: `EADDRNOTAVAIL` where the address is not of this machine
 */
export async function startProxy(address: string, env: Environment): Promise<SealedProxy> {
  const allowed = new Set<string>();
  const counts = new Map<string, { requests: number; received: number; sent: number }>();
  const refused = new Map<string, number>();
  const open = new Set<Socket>();
  const countOf = (host: string): { requests: number; received: number; sent: number } => {
    const known = counts.get(host) ?? { requests: 0, received: 0, sent: 0 };
    counts.set(host, known);
    return known;
  };
  const letsThrough = (host: string): boolean => {
    if (allowed.has(host)) return true;
    refused.set(host, (refused.get(host) ?? 0) + 1);
    return false;
  };

  const server = createServer((from, to) => {
    const url = URL.canParse(from.url ?? '') ? new URL(from.url ?? '') : null;
    if (url?.protocol !== 'http:') {
      to.writeHead(400).end('sealed build: this is a proxy.\n');
      return;
    }
    const host = bareName(url.hostname);
    if (!letsThrough(host)) {
      to.writeHead(403, { 'content-type': 'text/plain' }).end(refusal(host));
      return;
    }
    const count = countOf(host);
    count.requests += 1;
    void passOn(url, from, to, env, count);
  });
  server.on('connect', (from: IncomingMessage, socket: Socket, head: Buffer) => {
    watch(socket);
    const [, name = '', port = '443'] = /^(.*?)(?::(\d+))?$/u.exec(from.url ?? '') ?? [];
    const host = bareName(name);
    if (!letsThrough(host)) {
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${refusal(host)}`);
      return;
    }
    const count = countOf(host);
    count.requests += 1;
    openWay(host, Number(port), env).then(
      (way) => {
        watch(way);
        join(socket, way, head, count);
      },
      (cause: unknown) => {
        socket.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\nsealed build: ${reasonOf(cause)}\n`);
      },
    );
  });
  server.on('connection', watch);
  // A client that breaks off is no fault of ours.
  server.on('clientError', (_error, socket) => socket.destroy());
  function watch(socket: Socket): void {
    if (open.has(socket)) return;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  }
  await listenAt(server, address);
  return {
    port: (server.address() as AddressInfo).port,
    allow: (hosts) => {
      for (const host of hosts) allowed.add(bareName(host));
    },
    traffic: () => ({
      contacted: [...counts].map(([host, count]) => ({ host, ...count })).sort(byHost),
      refused: [...refused].map(([host, requests]) => ({ host, requests })).sort(byHost),
    }),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function listenAt(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Makes one connection of two, and counts what goes through. */
function join(socket: Socket, way: Socket, head: Buffer, count: { received: number; sent: number }): void {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  way.on('data', (bytes: Buffer) => (count.received += bytes.length));
  socket.on('data', (bytes: Buffer) => (count.sent += bytes.length));
  if (head.length > 0) {
    count.sent += head.length;
    way.write(head);
  }
  socket.pipe(way).pipe(socket);
  socket.on('close', () => way.destroy());
  way.on('close', () => socket.destroy());
}

function byHost(a: { readonly host: string }, b: { readonly host: string }): number {
  return a.host < b.host ? -1 : 1;
}

/** A plain request, sent on as it came. */
async function passOn(
  url: URL,
  from: IncomingMessage,
  to: ServerResponse,
  env: Environment,
  count: { received: number; sent: number },
): Promise<void> {
  try {
    const way = await wayTo(url, env);
    const { 'proxy-connection': _hop, 'proxy-authorization': _login, ...headers } = from.headers;
    // A connection for each request tells what went over the line, heads and all.
    const options = { ...way, agent: false, method: from.method ?? 'GET', headers: { ...headers, ...way.headers } };
    const onward = request(options, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
      answer.on('error', () => to.destroy());
    });
    onward.once('socket', (socket) => {
      socket.once('close', () => {
        count.received += socket.bytesRead;
        count.sent += socket.bytesWritten;
      });
    });
    onward.on('error', (cause) => {
      if (to.headersSent) to.destroy();
      else to.writeHead(502).end(`sealed build: ${reasonOf(cause)}\n`);
    });
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  } catch (cause) {
    to.writeHead(502).end(`sealed build: ${reasonOf(cause)}\n`);
  }
}

function refusal(host: string): string {
  return `sealed build: ${host} is not a host of the plan, and --seal lets no other through.\n`;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
