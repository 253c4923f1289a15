export type RefusalKind =
  | 'no-client'
  | 'permission'
  | 'not-running'
  | 'timeout'
  | 'unreachable'
  | 'unknown-context'
  | 'tls'
  | 'api-version'
  | 'other';

/** Why there is no engine to talk to. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** The client's own words, one line. */
  readonly message: string;
}

/** What docker clients from 19.03 to 29 say; the first that matches counts. */
const WORDS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/permission denied/i, 'permission'],
  [/context .*(?:not found|does not exist)|(?:current context|context) "[^"]*" is not found/i, 'unknown-context'],
  [/client version \S+ is too (?:new|old)/i, 'api-version'],
  [/x509|certificate|tls:|HTTP response to HTTPS client|HTTP request to an HTTPS server/i, 'tls'],
  [/deadline exceeded|i\/o timeout|timed? ?out/i, 'timeout'],
  [/error during connect|no such host|no route to host|ssh:|exit status 255|tcp:\/\//i, 'unreachable'],
  [
    /cannot connect to the docker daemon|is the docker daemon running|no such file or directory|connection refused/i,
    'not-running',
  ],
];

/** Reads a docker client's complaint on stderr. */
export function readRefusal(stderr: string): Refusal {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:WARNING|Emulate Docker CLI)/.test(line));
  const message = (
    lines.find((line) => WORDS.some(([words]) => words.test(line))) ??
    lines.at(-1) ??
    'the client said nothing'
  ).slice(0, 400);
  const kind = WORDS.find(([words]) => words.test(message))?.[1] ?? 'other';
  return { kind, message };
}
