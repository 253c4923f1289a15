import { request, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | undefined;
  /** With its query, without a version: the daemon then speaks its newest. */
  readonly path: string;
  /** A value is sent as JSON, bytes as a tar archive. */
  readonly body?: unknown;
  readonly timeoutMs?: number | undefined;
}

/** How to reach a daemon: a unix socket, or a stream that somebody else opens. */
export type ApiRoute = { readonly socketPath: string } | { readonly open: () => Duplex };

export interface TlsIdentity {
  readonly ca: string;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** An API call that waits for a daemon that hangs ends after this. */
const CALL_MS = 15_000;

/** Whatever the daemon answered that we did not ask for: its own words. */
export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** There was no whole answer: the connection broke, was refused, or nothing came in time. */
export class ConnectionError extends Error {}

/**
 * A client for the few calls of the Docker Engine API that the checks make (docs/api of moby). Node's own HTTP does it: no
 * `docker` command, no context, no environment of the user's.
 */
export class DockerApi {
  private readonly route: ApiRoute;
  private readonly tls: TlsIdentity | null;

  constructor(route: ApiRoute, tls: TlsIdentity | null = null) {
    this.route = route;
    this.tls = tls;
  }

  /** The answer, whatever its status. Throws ConnectionError, which names the call. */
  async send({ method = 'GET', path, body, timeoutMs = CALL_MS }: ApiRequest): Promise<ApiAnswer> {
    const payload = body === undefined ? null : body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const options: RequestOptions = {
      method,
      path,
      headers: {
        Host: 'docker',
        ...(payload === null
          ? {}
          : {
              'Content-Type': body instanceof Uint8Array ? 'application/x-tar' : 'application/json',
              'Content-Length': payload.length,
            }),
      },
      ...('socketPath' in this.route
        ? { agent: false, socketPath: this.route.socketPath }
        : { createConnection: () => this.stream() }),
    };
    return new Promise((resolve, reject) => {
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(deadline);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            bytes: Buffer.concat(chunks),
          });
        });
      });
      const deadline = setTimeout(() => {
        call.destroy(new Error(`no answer after ${String(timeoutMs / 1000)} s`));
      }, timeoutMs);
      function fail(cause: Error): void {
        clearTimeout(deadline);
        reject(new ConnectionError(`${method} ${path}: ${cause.message}`, { cause }));
      }
      call.on('error', fail);
      call.end(payload ?? undefined);
    });
  }

  /** The answer's JSON (null for an empty one). Throws ApiError with the daemon's message for a status of 400 and above. */
  async json<T>(call: ApiRequest): Promise<T> {
    const answer = await this.send(call);
    const text = answer.bytes.toString('utf8');
    if (answer.status >= 400 || answer.status < 200) {
      throw new ApiError(
        `${call.method ?? 'GET'} ${call.path}: ${String(answer.status)} ${messageOf(text)}`,
        answer.status,
      );
    }
    return (text.trim() === '' ? null : JSON.parse(text)) as T;
  }

  private stream(): Duplex {
    if (!('open' in this.route)) throw new Error('a unix socket opens itself');
    const plain = this.route.open();
    if (this.tls === null) return plain;
    return tlsConnect({
      socket: plain,
      host: 'localhost',
      servername: 'localhost',
      ca: this.tls.ca,
      cert: this.tls.cert,
      key: this.tls.key,
    });
  }
}

function messageOf(text: string): string {
  try {
    const value = JSON.parse(text) as { message?: unknown };
    if (typeof value.message === 'string') return value.message;
  } catch {
    // Not JSON: shown as it is.
    return text.trim().slice(0, 300);
  }
  return text.trim().slice(0, 300);
}

/**
 * Parts a container's output: frames of `STREAM 0 0 0 LENGTH(4, big endian)` and that many bytes (Engine API, attach).
 */
export function splitOutput(bytes: Buffer): { readonly stdout: string; readonly stderr: string } {
  const parts: Record<number, Buffer[]> = { 1: [], 2: [] };
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(at + 4);
    parts[bytes[at] ?? 0]?.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return {
    stdout: Buffer.concat(parts[1] ?? []).toString('utf8'),
    stderr: Buffer.concat(parts[2] ?? []).toString('utf8'),
  };
}
