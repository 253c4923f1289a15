import { setMaxListeners } from 'node:events';
import { askAgain } from './ask-again.ts';
import { isInsecure } from './insecure-registries.ts';
import type { GitAccess } from '../../system/git/git-access.ts';
import { request, type HttpAnswer, type HttpRequest } from '../../system/http/http.ts';
import type { HttpFailure } from '../../system/http/http-fault.ts';
import { stoppingSignal } from '../../system/process/supervisor.ts';
import type { Reach } from '../../system/http/http-agent.ts';

/** What probes ask with: bounded in number, time and bytes. */
export interface Asker {
  readonly ask: (wish: Omit<HttpRequest, 'signal' | 'firstByteMs'>) => Promise<HttpAnswer | HttpFailure>;
  /** The same for what may be large: bounded by silence, not by the time of the whole probe. */
  readonly download: (wish: Omit<HttpRequest, 'signal' | 'firstByteMs'>) => Promise<HttpAnswer | HttpFailure>;
  /** Milliseconds to the first byte after which a mirror is given up. */
  readonly firstByteMs: number;
  /** Milliseconds that are left of the time of the whole probe; never below 0. */
  readonly leftMs: () => number;
  /** How this run's gits reach a server. */
  readonly access: GitAccess;
  /** Whether the engine takes a registry (`host:port`) without TLS. */
  readonly takesPlain: (host: string) => boolean;
  /** Runs a git that asks `url` when one of the few places for it is free. */
  readonly inTurn: InTurn;
}

/** Does work that asks a URL when it has a place. */
type InTurn = <T>(url: string, work: () => Promise<T>) => Promise<T>;

/** Requests in flight at once; more would measure this machine's own line. */
const REQUESTS = { atOnce: 24, ofOneHost: 6 };

/** git has few places: each is two processes. */
const GITS = { atOnce: 6, ofOneHost: 2 };

/** A download that stands still for so long is given up. */
const STALL_MS = 15_000;

/** A signal is heard this soon. */
const LOOK_MS = 100;

/** A download is tried again where its server asks for half of this time at most. */
const LONGEST_WAIT_MS = 60_000;

/** Makes the asker of one probe. */
export function makeAsker(options: {
  readonly reach: Reach;
  /** Of the whole probe, and of one mirror's first byte; milliseconds. */
  readonly limitMs: number;
  readonly firstByteMs: number;
  /** Of a download: the time in which it must go on. */
  readonly stallMs?: number | undefined;
  readonly access: GitAccess;
  /** `insecure-registries` of the engine. */
  readonly insecureRegistries?: readonly string[] | undefined;
}): Asker {
  const { reach, firstByteMs, access, stallMs = STALL_MS } = options;
  const ends = performance.now() + options.limitMs;
  const signal = AbortSignal.timeout(options.limitMs);
  // One for each request in flight is no leak.
  setMaxListeners(0, signal);
  const inTurn = turnstiles(REQUESTS);
  return {
    ask: (wish) =>
      inTurn(wish.url, () =>
        askAgain(
          () => request({ ...wish, firstByteMs, signal }, reach),
          () => ends - performance.now(),
        ),
      ),
    download: (wish) =>
      inTurn(wish.url, () =>
        askAgain(
          () => untilStopped((signal) => request({ ...wish, firstByteMs, stallMs, signal }, reach)),
          () => LONGEST_WAIT_MS,
        ),
      ),
    firstByteMs,
    leftMs: () => Math.max(0, ends - performance.now()),
    access,
    takesPlain: (host) => isInsecure(host, options.insecureRegistries ?? []),
    inTurn: turnstiles(GITS),
  };
}

/** Gives the work a signal that is aborted when this run is being ended. */
async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (stoppingSignal() !== null) stop.abort();
  }, LOOK_MS);
  try {
    return await work(stop.signal);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Lets so many pass at once, and so many of one host: one that never answers holds its own places, and those of nobody else. Who waits for
 * its host holds no other place meanwhile.
 */
function turnstiles({ atOnce, ofOneHost }: { readonly atOnce: number; readonly ofOneHost: number }): InTurn {
  const all = turnstile(atOnce);
  const hosts = new Map<string, ReturnType<typeof turnstile>>();
  return (url, work) => {
    const host = URL.canParse(url) ? new URL(url).host : url;
    const own = hosts.get(host) ?? turnstile(ofOneHost);
    hosts.set(host, own);
    return own(() => all(work));
  };
}

/** Lets so many pass at once; the others wait in line. */
function turnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
