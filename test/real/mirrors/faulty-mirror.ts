import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { giveInstead, giveSpoilt, isOfAnswer, needsNoAnswer } from '../../support/give-fault.mjs';

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
  'short',
  'tampered',
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
 * `delayMs` and `bytesPerSecond` make a healthy one far or slow, from user space. `address`: where it listens, loopback unless told.
 */
export async function startFaulty(options: {
  readonly fault: Fault;
  readonly healthy: Healthy;
  readonly applies?: (request: IncomingMessage) => boolean;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  readonly address?: string;
}): Promise<FaultyMirror> {
  const { fault, healthy, tls, applies = () => true, address = '127.0.0.1' } = options;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const met = applies(request) ? fault : 'none';
        if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
        if (needsNoAnswer(met)) {
          giveInstead(met, request, response);
          return;
        }
        const { status, headers, body } = await healthy(request.url ?? '/', request, Buffer.concat(chunks));
        const answer = { status, headers, length: body.length, body: Readable.from([body]) };
        const rate = request.method === 'HEAD' ? undefined : options.bytesPerSecond;
        await giveSpoilt(isOfAnswer(met) ? met : 'none', answer, response, rate);
      })();
    });
  };
  const server =
    tls === undefined
      ? createServer(handle)
      : createTlsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, handle);
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  if (fault === 'refuse') await close();
  const done = fault === 'refuse' ? () => Promise.resolve() : close;
  return { url: `${tls === undefined ? 'http' : 'https'}://${address}:${String(port)}`, close: done };
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
