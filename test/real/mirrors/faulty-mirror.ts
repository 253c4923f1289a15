import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const FAULTS = [
  'none',
  'refuse',
  'hang',
  'drop',
  '404',
  '429',
  '502',
  'html',
  'slow',
  'lie',
  'redirects',
  'bad-certificate',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What a healthy mirror says to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
export type Healthy = (path: string, request: IncomingMessage, body: Buffer) => Answer | Promise<Answer>;

export interface FaultyMirror {
  /** Without a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Faults of an answer that is there; the others are met by whatever is asked. */
const NEEDS_ANSWER: readonly Fault[] = ['none', 'refuse', 'bad-certificate', 'drop', 'slow', 'lie'];
const NOTHING: Answer = { status: 500, headers: {}, body: Buffer.alloc(0) };

/** Key and self-signed certificate for 127.0.0.1, made anew in `dir`. */
export function selfSigned(dir: string): { readonly key: string; readonly cert: string } {
  const key = join(dir, 'key.pem');
  const cert = join(dir, 'cert.pem');
  const subject = ['-subj', '/CN=loopback', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...words, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}

/**
 * A mirror on loopback with one fault. `applies`: the requests that meet it; the others are answered as a healthy one does.
 * `delayMs` and `bytesPerSecond` make a healthy one far or slow, from user space.
 */
export async function startFaulty(options: {
  readonly fault: Fault;
  readonly healthy: Healthy;
  readonly applies?: (request: IncomingMessage) => boolean;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}): Promise<FaultyMirror> {
  const { fault, healthy, tls, applies = () => true } = options;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const met = applies(request) ? fault : 'none';
        const nobodyAsked = !NEEDS_ANSWER.includes(met);
        const answer = nobodyAsked ? NOTHING : await healthy(request.url ?? '/', request, Buffer.concat(chunks));
        if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
        give(met, answer, request, response, options.bytesPerSecond);
      })();
    });
  };
  const server =
    tls === undefined
      ? createServer(handle)
      : createTlsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  if (fault === 'refuse') await close();
  const done = fault === 'refuse' ? () => Promise.resolve() : close;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`, close: done };
}

function give(
  fault: Fault,
  { status, headers, body }: Answer,
  request: IncomingMessage,
  response: ServerResponse,
  bytesPerSecond: number | undefined,
): void {
  const length = { 'content-length': String(body.length) };
  switch (fault) {
    case 'hang':
      return;
    case 'drop':
      response.writeHead(status, { ...headers, ...length });
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => setTimeout(() => response.destroy(), 20));
      return;
    case '404':
    case '502':
      response.writeHead(Number(fault)).end('no\n');
      return;
    case '429':
      response.writeHead(429, { 'retry-after': '120' }).end('too many requests\n');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Welcome</title><p>This domain is for sale.');
      return;
    case 'slow':
      response.writeHead(status, { ...headers, ...length });
      trickle(response, body, 1);
      return;
    case 'lie':
      response.writeHead(status, { ...headers, 'content-length': String(body.length + 1000) });
      response.write(body, () => setTimeout(() => response.destroy(), 20));
      return;
    case 'redirects':
      response.writeHead(302, { location: request.url ?? '/' }).end();
      return;
    case 'none':
    case 'refuse':
    case 'bad-certificate':
      response.writeHead(status, { ...headers, ...length });
      if (bytesPerSecond === undefined || request.method === 'HEAD') response.end(body);
      else trickle(response, body, Math.ceil(bytesPerSecond / 50));
  }
}

/** So many bytes each 20 ms. */
function trickle(response: ServerResponse, body: Buffer, bytes: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, 20);
  response.on('close', () => {
    clearInterval(timer);
  });
}

/** Hands a request on to another server and takes its whole answer. */
export function relayTo(url: string): Healthy {
  return (path, request, body) =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = request.headers;
      const inner = httpRequest(`${url}${path}`, { method: request.method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const type = answer.headers['content-type'];
          resolve({
            status: answer.statusCode ?? 502,
            headers: type === undefined ? {} : { 'content-type': type },
            body: Buffer.concat(chunks),
          });
        });
      });
      inner.on('error', reject);
      inner.end(body);
    });
}
