/** How a request failed before there was an answer to judge, or in the middle of it. */
export type HttpFault =
  /** Nobody takes the connection, or it is closed at once. */
  | 'refused'
  | 'no-such-name'
  | 'tls'
  /** No connection, or no first byte, in time. */
  | 'timed-out'
  /** It began, and was not done in time. */
  | 'too-slow'
  /** It broke off in the middle, or is no HTTP. */
  | 'broken'
  /** It sends from one place to the next without end. */
  | 'redirects'
  /** More bytes than anybody needs. */
  | 'too-long';

export interface HttpFailure {
  readonly fault: HttpFault;
  /** A clause for a person: `no such name`, `the connection was refused`. */
  readonly reason: string;
  /** true: it may be gone the next time. */
  readonly passing?: true | undefined;
}

const NETWORK_CODES: Readonly<Record<string, HttpFailure>> = {
  ENOTFOUND: { fault: 'no-such-name', reason: 'the name does not resolve' },
  EAI_AGAIN: { fault: 'no-such-name', reason: 'no name server answers', passing: true },
  EAI_FAIL: { fault: 'no-such-name', reason: 'the name server fails', passing: true },
  ECANCELLED: { fault: 'no-such-name', reason: 'its name was not found in time' },
  ECONNREFUSED: { fault: 'refused', reason: 'the connection is refused' },
  ENETUNREACH: { fault: 'refused', reason: 'its network cannot be reached' },
  EHOSTUNREACH: { fault: 'refused', reason: 'it cannot be reached' },
  EADDRNOTAVAIL: { fault: 'refused', reason: 'its network cannot be reached' },
  ETIMEDOUT: { fault: 'timed-out', reason: 'no connection to it' },
  UND_ERR_CONNECT_TIMEOUT: { fault: 'timed-out', reason: 'no connection to it' },
  UND_ERR_HEADERS_TIMEOUT: { fault: 'timed-out', reason: 'it accepted and then said nothing' },
  UND_ERR_BODY_TIMEOUT: { fault: 'too-slow', reason: 'it fell silent in the middle' },
};

/** OpenSSL's and Node's names for a certificate or a handshake that is not taken. */
const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/u;

/** OpenSSL's words for a first answer that is no TLS (ssl/record: the version of a record, its length). */
const NO_TLS = /wrong[ _]version[ _]number|packet length too long|http[ _]request|unknown protocol|bad record type/iu;

/** The reason of a server that answers a TLS handshake in plain text. */
export const SPEAKS_PLAIN = 'it speaks plain http where https is asked';

/**
 * What an error of the connection means.
 * @param answered whether the head of an answer had come
 */
export function faultOf(error: unknown, answered: boolean): HttpFailure {
  const all = causes(error);
  const codes = all.map(({ code }) => code);
  for (const code of codes) {
    const known = NETWORK_CODES[code];
    if (known !== undefined) return known;
  }
  const socks = all.find(({ code }) => code === 'ERR_SOCKS');
  if (socks !== undefined) return { fault: 'refused', reason: `the SOCKS proxy says no: ${socks.message}` };
  const tls = all.find(({ code }) => TLS_CODE.test(code));
  if (tls !== undefined && NO_TLS.test(`${tls.code} ${tls.message}`)) return { fault: 'tls', reason: SPEAKS_PLAIN };
  if (tls !== undefined)
    return { fault: 'tls', reason: `its certificate or its TLS is not taken (${tls.code}: ${tls.message})` };
  if (answered) return { fault: 'broken', reason: 'the answer broke off' };
  const status = all.find(({ message }) => /proxy (?:response|authentication required) \(\d+\)/iu.test(message));
  if (status !== undefined) return { fault: 'refused', reason: `the proxy says no: ${status.message}` };
  if (codes.some((code) => code.startsWith('HPE_'))) return { fault: 'broken', reason: 'what it answers is not HTTP' };
  return { fault: 'refused', reason: 'it closed the connection without an answer' };
}

/** The error, what caused it, and the attempts that an AggregateError holds (one for each address). */
function causes(error: unknown): readonly { readonly code: string; readonly message: string }[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const inner: readonly unknown[] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [{ code, message: error.message.split('\n')[0] ?? '' }, ...inner.flatMap(causes), ...causes(error.cause)];
}
