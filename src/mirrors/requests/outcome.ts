import type { HttpAnswer } from '../../system/http/http.ts';
import type { HttpFailure, HttpFault } from '../../system/http/http-fault.ts';

/** How a mirror did when it was asked for one object. `not-asked`: the catalogue knows no place for it there. */
export const OUTCOMES = [
  'ok',
  'wrong-status',
  'wrong-content',
  'refused',
  'no-such-name',
  'tls',
  'timed-out',
  'too-slow',
  'stale',
  'not-asked',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One mirror, one object. */
export interface Finding {
  readonly outcome: Outcome;
  /** HTTP status of the answer that decided, or null. */
  readonly status: number | null;
  /** One clause for a person: why not, or what was seen. */
  readonly reason: string;
  /** Milliseconds until connected (name, TCP, TLS and a proxy included), until the first byte, until the last; null: never. */
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number | null;
  /** What was measured for the throughput: bytes, and bytes a second from connected to the last byte; null where nothing came. */
  readonly bytes: number;
  readonly bytesPerSecond: number | null;
  /** apt: Date of the oldest and newest release files, by suite; milliseconds since 1970. */
  readonly dates?: Readonly<Record<string, number>> | undefined;
  /** gomod: whether the checksum database is passed on. */
  readonly sumdb?: boolean | undefined;
  /** git: false where it hands out no single commits; absent where nobody looked, or it does. */
  readonly singles?: false | undefined;
}

const NOTHING = { status: null, connectMs: null, firstByteMs: null, totalMs: null, bytes: 0, bytesPerSecond: null };

/** An outcome without an answer. */
export function unmeasured(outcome: Exclude<Outcome, 'ok'>, reason: string): Finding {
  return { ...NOTHING, outcome, reason };
}

const OUTCOME_OF: Readonly<Record<HttpFault, Exclude<Outcome, 'ok'>>> = {
  refused: 'refused',
  'no-such-name': 'no-such-name',
  tls: 'tls',
  'timed-out': 'timed-out',
  'too-slow': 'too-slow',
  broken: 'wrong-content',
  redirects: 'wrong-status',
  'too-long': 'wrong-content',
};

/** Faults of the mirror as a whole: it does not matter what it was asked for. */
const OF_THE_HOST: readonly HttpFault[] = ['refused', 'no-such-name', 'tls', 'timed-out'];

/** What a failed request says of a mirror. */
export function failed({ fault, reason }: HttpFailure, what: string): Finding {
  return unmeasured(OUTCOME_OF[fault], OF_THE_HOST.includes(fault) ? reason : `${what}: ${reason}`);
}

/** An answer that came and is not what was asked for. */
export function judged(
  answer: HttpAnswer,
  outcome: 'wrong-status' | 'wrong-content' | 'stale',
  reason: string,
): Finding {
  const { status, connectMs, firstByteMs, totalMs } = answer;
  return { ...NOTHING, outcome, status, reason, connectMs, firstByteMs, totalMs };
}

/** null for status 200; else what the status means. 429 and 503 may say when to come again (RFC 9110, 10.2.3). */
export function wrongStatus(answer: HttpAnswer, what: string): Finding | null {
  if (answer.status === 200) return null;
  if (answer.status === 401) return judged(answer, 'wrong-status', `${what}: it wants a login (--netrc FILE)`);
  const later = /^\d{1,7}$/u.exec(answer.headers['retry-after'] ?? '')?.[0];
  const again = later === undefined ? '' : `, to be asked again in ${later} s`;
  return judged(answer, 'wrong-status', `${what}: HTTP status ${String(answer.status)}${again}`);
}

/** true: a page for people, as parked domains and login portals give for whatever is asked. */
export function isPage({ headers, body }: HttpAnswer): boolean {
  if (/^text\/html/iu.test(headers['content-type'] ?? '')) return true;
  return /^\s*<(?:!doctype|html|head)/iu.test(Buffer.from(body.subarray(0, 64)).toString('latin1'));
}

/** What was seen of an object that is all right, from the answer that was largest. */
export function fine(answer: HttpAnswer, reason: string, more: Pick<Finding, 'dates' | 'sumdb'> = {}): Finding {
  const { status, connectMs, firstByteMs, totalMs, body } = answer;
  return {
    outcome: 'ok',
    status,
    reason,
    connectMs,
    firstByteMs,
    totalMs,
    bytes: body.length,
    bytesPerSecond: rate(body.length, totalMs - connectMs),
    ...more,
  };
}

/** Bytes a second. The clock of a loopback answer may not have moved: a microsecond stands for none. */
export function rate(bytes: number, milliseconds: number): number {
  return Math.round((bytes * 1000) / Math.max(milliseconds, 0.001));
}
