/**
 * What kind of thing went wrong, whoever tells it. What a run does about a fault stands here once: whether it may be gone the next time,
 * whether a mirror is to blame, and what it is called.
 */

/** What a message means for whoever has to act on it. */
export type Meaning =
  /** The way to a server broke, or the server failed for a moment. */
  | 'transport'
  /** A server or a proxy says no. */
  | 'refused'
  /** A server answers, and does not have it. */
  | 'not-there'
  /** What came cannot be what was asked for, or nobody vouches for it. */
  | 'tampered'
  /** This machine, its engine, or the tree. */
  | 'local';

interface FaultKind {
  readonly meaning: Meaning;
  /** What is wrong with a mirror or the way to it, for a person; null: the network is not what failed. */
  readonly what: string | null;
  /** true: it may be gone the next time; false: the same will be said again. */
  readonly passes: boolean;
  /** The network was asked, and no mirror is to blame: another one would fare alike. */
  readonly ofThisMachine?: true;
}

/**
 * In the order in which they count where a step's lines tell of several: what stays wrong before what passes, for a name that is not there
 * is no time-out.
 */
export const FAULTS = {
  'no-object': { meaning: 'not-there', what: 'it is not there', passes: false },
  login: { meaning: 'refused', what: 'the mirror refuses', passes: false },
  refused: { meaning: 'refused', what: 'the mirror refuses', passes: false },
  'no-file': { meaning: 'not-there', what: 'the mirror refuses', passes: false },
  'no-repository': { meaning: 'not-there', what: 'the mirror refuses', passes: false },
  'proxy-login': { meaning: 'refused', what: 'the proxy wants a login', passes: false, ofThisMachine: true },
  'proxy-gone': { meaning: 'transport', what: 'the proxy does not answer', passes: false, ofThisMachine: true },
  untrusted: { meaning: 'tampered', what: 'a certificate is not trusted', passes: false },
  'other-protocol': { meaning: 'not-there', what: 'a page instead of what was asked for', passes: false },
  redirects: { meaning: 'not-there', what: 'it redirects without end', passes: false },
  'plain-http': { meaning: 'refused', what: 'it speaks plain http', passes: false },
  'apt-unchecked': {
    meaning: 'local',
    what: 'apt cannot check signatures in this engine',
    passes: false,
    ofThisMachine: true,
  },
  clock: { meaning: 'local', what: 'the clock is wrong', passes: false, ofThisMachine: true },
  tampered: { meaning: 'tampered', what: 'a signature or a checksum that does not fit', passes: false },
  damaged: { meaning: 'tampered', what: 'a signature or a checksum that does not fit', passes: false },
  // apt's cache is a mount that builds share: an engine that was killed leaves its steps behind, and they hold it until they are done.
  busy: { meaning: 'local', what: 'a step of an earlier build still runs', passes: true, ofThisMachine: true },
  'too-many': { meaning: 'refused', what: 'too many requests', passes: true },
  'server-failed': { meaning: 'transport', what: 'the server failed', passes: true },
  cut: { meaning: 'transport', what: 'the connection broke off', passes: true },
  slow: { meaning: 'transport', what: 'no answer in time', passes: true },
  silent: { meaning: 'transport', what: 'no answer in time', passes: true },
  'no-name-server': { meaning: 'transport', what: 'no name server answers', passes: true },
  // Half of a mirror is of one day and half of the next; apt refuses it, and an hour later it fits.
  syncing: { meaning: 'transport', what: 'the mirror was being synchronised', passes: true },
  'no-name': { meaning: 'transport', what: 'nobody is there', passes: false },
  nobody: { meaning: 'transport', what: 'nobody is there', passes: false },
  'no-ref': { meaning: 'not-there', what: 'it has no such commit', passes: false },
  'no-singles': { meaning: 'refused', what: 'it hands out no single commits', passes: false },
  'no-package': { meaning: 'not-there', what: 'apt has no list with this package', passes: false },
  disk: { meaning: 'local', what: null, passes: false },
  memory: { meaning: 'local', what: null, passes: false },
  permission: { meaning: 'local', what: null, passes: false },
  platform: { meaning: 'local', what: null, passes: false },
  engine: { meaning: 'local', what: null, passes: false },
  tree: { meaning: 'local', what: null, passes: false },
  /** Only that something failed: never a cause. */
  outcome: { meaning: 'local', what: null, passes: false },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type Fault = keyof typeof FAULTS;

export function faultKind(fault: Fault): FaultKind {
  return FAULTS[fault];
}

/** Answers of a server, or of a gateway before it, that may be another one the next time (RFC 6585, 4; RFC 9110, 15.6; 52x: Cloudflare's own). */
export const PASSING_STATUS: ReadonlySet<number> = new Set([
  429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526,
]);
