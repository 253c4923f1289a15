import type { Dispatcher } from 'undici';
import { basicAuth, isLoopback } from './basic-auth.ts';
import type { HostNames } from './host-names.ts';
import { agentFor, type Reach } from './http-agent.ts';
import { faultOf, type HttpFailure } from './http-fault.ts';
import { stopSignal, throwIfStopping } from '../process/supervisor.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * A URL whose login may be sent where the host that is asked has none: a registry's login is shown to the server that it names for
   * tokens (https://distribution.github.io/distribution/spec/auth/token/).
   */
  readonly loginOf?: string | undefined;
  /** More of the body than this is not read. */
  readonly maxBytes: number;
  /** true: what is read up to `maxBytes` is enough; else a longer body is a fault (`too-long`). */
  readonly cut?: boolean | undefined;
  /** Milliseconds to the first byte of the answer, connecting included. */
  readonly firstByteMs: number;
  /**
   * Milliseconds in each of which the body must go on, by 1000 bytes a second at least (as http.lowSpeedLimit of git-config(1)); without it only
   * `signal` ends it.
   */
  readonly stallMs?: number | undefined;
  /** Where the body of an answer 200 goes, and not into memory. */
  readonly into?: BodySink | undefined;
  /** Ends the request; what had come by then decides between `timed-out` and `too-slow`. */
  readonly signal: AbortSignal;
}

/** Takes a body as it comes. */
export interface BodySink {
  /** Before the first chunk of each answer: what came before does not count. */
  readonly begin: () => void;
  /** What it throws ends the request, as a fault; the sink knows the cause. */
  readonly write: (chunk: Uint8Array) => void;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated one the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where it came from in the end. */
  readonly url: string;
  /** Milliseconds of the request that was answered: until it was connected, until the first byte, until the last. */
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

const MAX_REDIRECTS = 5;

/** Bytes a second. */
const LEAST_SPEED = 1000;

/**
 * One request, bounded in time, bytes and redirects. Credentials go to the host that was named and to no other, also those of
 * `--netrc`. What comes of it is a value: also a failure.
 *
 * @throws MobyBuildError `bad-proxy` (2), `interrupted` (130, 143) as soon as this run is being ended
 */
export async function request(wish: HttpRequest, reach: Reach): Promise<HttpAnswer | HttpFailure> {
  if (reach.offline === true) return { fault: 'refused', reason: 'nobody is asked (--offline)' };
  const first = new URL(wish.url);
  const given = { ...loginFor(first, wish, reach), ...wish.headers };
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const sameHost = url.origin === first.origin;
    const headers = Object.fromEntries(
      Object.entries(given).filter(([name]) => sameHost || name.toLowerCase() !== 'authorization'),
    );
    const answer = await once(url, { ...wish, headers }, reach);
    if ('fault' in answer) return answer;
    const location = answer.headers['location'];
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    if (!URL.canParse(location, url.href)) return { fault: 'redirects', reason: 'it redirects to what is no URL' };
    const next = new URL(location, url.href);
    if (!/^https?:$/u.test(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:'))
      return { fault: 'redirects', reason: `it redirects to ${next.protocol}//${next.host}, which is not safe` };
    url = next;
  }
  return { fault: 'redirects', reason: `it redirects more than ${String(MAX_REDIRECTS)} times` };
}

/** The header of a login, where one is known. */
function loginFor(url: URL, { loginOf }: HttpRequest, { logins = [] }: Reach): Readonly<Record<string, string>> {
  const safe = url.protocol === 'https:' || isLoopback(url.hostname);
  const other = loginOf === undefined || !safe ? null : basicAuth(new URL(loginOf), logins);
  const authorization = basicAuth(url, logins) ?? other;
  return authorization === null ? {} : { authorization };
}

/** What has come of one request so far. */
interface Progress {
  /** Its name is being looked up. */
  resolving: boolean;
  connectMs: number | null;
  firstByteMs: number | null;
  bytes: number;
}

async function once(url: URL, wish: HttpRequest, reach: Reach): Promise<HttpAnswer | HttpFailure> {
  throwIfStopping();
  const progress: Progress = { resolving: false, connectMs: null, firstByteMs: null, bytes: 0 };
  const over = new AbortController();
  const agent = await agentFor(url, { ...reach, names: watched(reach.names, progress) }, over.signal);
  const started = performance.now();
  const since = (): number => performance.now() - started;
  const late = new AbortController();
  const ends = [wish.signal, late.signal, stopSignal()];
  const timer = setTimeout(() => {
    if (progress.firstByteMs === null) late.abort();
  }, wish.firstByteMs);
  const stall = watchStall(wish.stallMs, progress, () => {
    late.abort();
  });
  let stop = (): void => undefined;
  try {
    const result = await new Promise<HttpAnswer | HttpFailure>((give) => {
      stop = () => {
        give(outOfTime(progress, since()));
      };
      for (const signal of ends) signal.addEventListener('abort', stop, { once: true });
      if (ends.some(({ aborted }) => aborted)) stop();
      else agent.dispatch(optionsOf(url, wish), handlerOf(url, wish, progress, since, give));
    });
    throwIfStopping();
    return result;
  } finally {
    clearTimeout(timer);
    clearInterval(stall);
    for (const signal of ends) signal.removeEventListener('abort', stop);
    // undici's destroy() does not end a connection that is still being made, and it would keep this process alive.
    over.abort();
    // Nothing is kept: the next request measures its own connection.
    await agent.destroy();
  }
}

/** Calls `end` where a body that has begun brings less than `LEAST_SPEED` within one span. */
function watchStall(stallMs: number | undefined, progress: Progress, end: () => void): NodeJS.Timeout | undefined {
  if (stallMs === undefined) return undefined;
  let before: number | null = null;
  return setInterval(() => {
    if (progress.firstByteMs === null) return;
    if (before !== null && progress.bytes - before < (LEAST_SPEED * stallMs) / 1000) end();
    before = progress.bytes;
  }, stallMs);
}

/** The same names; `progress` knows while one is being looked up. */
function watched(names: HostNames, progress: Progress): HostNames {
  return {
    ...names,
    lookup: (name, options, callback) => {
      progress.resolving = true;
      names.lookup(name, options, (...found) => {
        progress.resolving = false;
        callback(...found);
      });
    },
  };
}

function optionsOf(url: URL, wish: HttpRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: wish.method ?? 'GET',
    headers: { 'user-agent': 'moby-build', accept: '*/*', ...wish.headers },
  };
}

function handlerOf(
  url: URL,
  wish: HttpRequest,
  progress: Progress,
  since: () => number,
  give: (result: HttpAnswer | HttpFailure) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let headers: Record<string, string> = {};
  const chunks: Uint8Array[] = [];
  const done = (): void => {
    give({
      status,
      headers,
      body: Buffer.concat(chunks).subarray(0, wish.maxBytes),
      url: url.href,
      connectMs: progress.connectMs ?? 0,
      firstByteMs: progress.firstByteMs ?? 0,
      totalMs: since(),
    });
  };
  return {
    onRequestStart: () => {
      progress.connectMs = since();
    },
    onResponseStart: (_controller, code, heads) => {
      // 1xx: the answer is yet to come.
      if (code < 200) return;
      progress.firstByteMs = since();
      status = code;
      if (code === 200) wish.into?.begin();
      headers = Object.fromEntries(
        Object.entries(heads).map(([name, value]) => [
          name.toLowerCase(),
          Array.isArray(value) ? (value[0] ?? '') : String(value),
        ]),
      );
    },
    onResponseData: (controller, chunk) => {
      if (wish.into !== undefined && status === 200) wish.into.write(chunk);
      else chunks.push(Uint8Array.from(chunk));
      progress.bytes += chunk.length;
      if (progress.bytes <= wish.maxBytes) return;
      if (wish.cut === true) done();
      else give({ fault: 'too-long', reason: `it sends more than ${String(wish.maxBytes)} bytes` });
      controller.abort(new Error('enough'));
    },
    onResponseEnd: done,
    onResponseError: (_controller, error) => {
      give(brokenOff(error, progress));
    },
  };
}

function brokenOff(error: Error, { firstByteMs, bytes }: Progress): HttpFailure {
  const failure = faultOf(error, firstByteMs !== null);
  return failure.fault === 'broken' && firstByteMs !== null
    ? { fault: 'broken', reason: `the answer broke off after ${String(bytes)} bytes` }
    : failure;
}

function outOfTime({ resolving, connectMs, firstByteMs, bytes }: Progress, spent: number): HttpFailure {
  const seconds = `${(spent / 1000).toFixed(1)} s`;
  if (resolving) return { fault: 'no-such-name', reason: `no name server answers within ${seconds}` };
  if (connectMs === null) return { fault: 'timed-out', reason: `no connection within ${seconds}` };
  if (firstByteMs === null) return { fault: 'timed-out', reason: `connected, and no answer within ${seconds}` };
  return { fault: 'too-slow', reason: `${String(bytes)} bytes in ${seconds}, and not done` };
}
