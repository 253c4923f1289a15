import { tellsOf } from '../system/symptoms.ts';

/** The reason of an answer that ended in the middle. */
const BROKE_OFF = 'the transfer broke off';

/** How an attempt at one clone URL ended. */
export type FetchOutcome =
  | 'ok'
  /** A git server, but it has no such tag or branch. */
  | 'no-such-ref'
  /** Something answers, but not git: a login page, a parked domain, an accelerator that is gone. */
  | 'not-git'
  /** An HTTP status that says no. */
  | 'refused'
  /** Nobody there: no name, no connection, no trust. */
  | 'unreachable'
  /** Began and did not go on. */
  | 'too-slow'
  /** The answer ended in the middle. */
  | 'broke-off'
  /** What came is not what its ids say. */
  | 'broken'
  /** What it has under that name is another commit. */
  | 'other-commit'
  /** This machine's disk. */
  | 'disk-full'
  | 'unknown';

export interface FetchFailure {
  readonly outcome: Exclude<FetchOutcome, 'ok'>;
  /** One sentence for a person. */
  readonly reason: string;
  /** The HTTP status that said no, where there was one. */
  readonly status?: number;
}

/** http.c, show_http_message and handle_curl_result. */
const HTTP_REFUSAL = /The requested URL returned error: (\d+)/i;

/**
 * What git says (LC_ALL=C) and what it means; the first row that fits counts. Seen with git 2.39 against a server on loopback
 * for each of them (test/real/source), the wording of older ones from git's source: http.c, remote-curl.c, fetch-pack.c.
 */
const MEANINGS: readonly (readonly [
  pattern: RegExp,
  outcome: FetchFailure['outcome'],
  reason: (match: RegExpExecArray) => string,
])[] = [
  [/No space left on device|Disk quota exceeded/i, 'disk-full', () => 'no space is left on this disk'],
  [
    /Could not resolve (?:host|proxy):? ?'?([^\s']*)/i,
    'unreachable',
    ([, host]) => `the name ${host ?? ''} does not resolve`,
  ],
  [
    /SSL certificate problem: (.*)|server certificate verification failed\.? ?(.*)/i,
    'unreachable',
    ([, a, b]) => `its certificate is not trusted here (${a ?? b ?? ''})`,
  ],
  [
    /Failed to connect to (\S+) port (\d+)|Connection refused|Couldn't connect to server/i,
    'unreachable',
    () => 'no connection to it',
  ],
  [/Connection timed out|Operation timed out/i, 'unreachable', () => 'the connection timed out'],
  [/Operation too slow/i, 'too-slow', () => 'less than 1000 bytes a second for a minute'],
  [
    /could not read Username|Authentication failed|terminal prompts disabled/i,
    'refused',
    () => 'it wants a user name and password (--netrc FILE)',
  ],
  [HTTP_REFUSAL, 'refused', ([, status]) => `HTTP status ${status ?? ''}`],
  [
    /repository '.*' not found|does not appear to be a git repository|repository not found/i,
    'refused',
    () => 'it has no such repository',
  ],
  [
    /unable to update url base from redirection/i,
    'not-git',
    () => 'it redirects to something that is no git repository',
  ],
  [
    /not valid:.*is this a git repository|invalid server response; got|protocol error: bad line length/i,
    'not-git',
    () => 'what answers is not a git server',
  ],
  [/dumb http transport does not support shallow/i, 'not-git', () => 'it serves files, not the git protocol'],
  [
    /couldn't find remote ref|no such remote ref|unadvertised object|not our ref|remote error: upload-pack: not our ref/i,
    'no-such-ref',
    () => 'it has no such ref',
  ],
  [
    /fsck error|error in (?:packed )?object|did not send all necessary objects|bad object|missing (?:blob|tree|necessary)|SHA1 COLLISION|inflate|serious inflate inconsistency|pack (?:is corrupted|has bad)|index-pack failed|fetch-pack: invalid/i,
    'broken',
    () => 'what it sent is damaged',
  ],
  [
    /early EOF|unexpected disconnect|hung up unexpectedly|transfer closed|Empty reply|curl (?:18|52|55|56)\b|RPC failed|Recv failure|Connection reset|expected flush|the remote end hung up/i,
    'broke-off',
    () => BROKE_OFF,
  ],
];

/** What a failed `git fetch` means. `said`: what it wrote to stderr; `timedOut`: we ended it because it fell silent. */
export function classifyFetchFailure(said: string, timedOut: boolean): FetchFailure {
  // A dropped connection makes index-pack complain too; then the drop is the cause.
  const dropped = MEANINGS.at(-1);
  if (
    dropped?.[0].test(said) === true &&
    /early EOF|transfer closed|hung up|disconnect|Connection reset/i.test(said) &&
    !/No space left/i.test(said)
  ) {
    if (!/fsck error/i.test(said) && !/returned error: \d/.test(said))
      return { outcome: 'broke-off', reason: BROKE_OFF };
  }
  if (timedOut) return { outcome: 'too-slow', reason: 'it accepted and then said nothing' };
  for (const [pattern, outcome, reason] of MEANINGS) {
    const match = pattern.exec(said);
    if (match === null) continue;
    const refusal = { outcome, reason: reason(match) };
    return pattern === HTTP_REFUSAL ? { ...refusal, status: Number(match[1]) } : refusal;
  }
  if (tellsOf(said, 'cut')) return { outcome: 'broke-off', reason: BROKE_OFF };
  if (tellsOf(said, 'silent')) return { outcome: 'unreachable', reason: 'the connection timed out' };
  const last = said.split(/[\r\n]+/).findLast((line) => /^(?:fatal|error|remote):/.test(line));
  return { outcome: 'unknown', reason: last ?? 'git said nothing about why' };
}
