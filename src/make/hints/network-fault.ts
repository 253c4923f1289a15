import { tellsOf } from '../../system/symptoms.ts';

/** What the lines of a failed step say of the network, or of what keeps it from being asked. */
export interface NetworkFault {
  /** `429\s+Too Many Requests`: what is wrong, for a person. */
  readonly what: string;
  /** true: it may be gone the next time; false: that mirror will say the same again. */
  readonly transient: boolean;
  /** It is this machine's: no mirror is to blame, and another one would fare alike. */
  readonly local?: true;
}

interface Row extends NetworkFault {
  readonly pattern: { readonly test: (line: string) => boolean };
}

/**
 * Faults of mirrors as Docker, BuildKit, git, go, apt and curl tell them (facts/troubles.md; test/unit/build has a sample of each). The
 * first row that fits any line counts, so what stays wrong goes before what passes: a name that is not there is no time-out.
 */
const ROWS: readonly Row[] = [
  row(
    'it is not there',
    false,
    /manifest unknown|manifest for \S+ not found|pull access denied|no match for platform in manifest|failed to resolve source metadata for .*: not found/i,
  ),
  row(
    'the mirror refuses',
    false,
    /returned error: 40[134]\b|\b40[134]\s+(?:Forbidden|Not Found|Unauthorized)\b|does not have a Release file|no longer has a Release file/i,
  ),
  row(
    'a certificate is not trusted',
    false,
    /x509:|SSL certificate problem|certificate verification failed|certificate is NOT trusted/i,
  ),
  row(
    'a page instead of what was asked for',
    false,
    /got 'NOSPLIT'|is this a git repository|info\/refs not valid|dumb http transport/i,
  ),
  row(
    'a signature or a checksum that does not fit',
    false,
    /NO_PUBKEY|BADSIG|EXPKEYSIG|signatures? (?:were|was) invalid|Release file for \S+ is expired|checksum mismatch|SECURITY ERROR|unexpected commit digest|failed precondition: .*digest/i,
  ),
  // apt's cache is a mount that builds share: an engine that was killed leaves its steps behind, and they hold it until they are done.
  {
    ...row('a step of an earlier build still runs', true, /Could not get lock \/var\/\S+\. It is held by process/i),
    local: true,
  },
  row(
    'too many requests',
    true,
    /toomanyrequests|429\s+Too Many Requests|pull rate limit|returned error: 429\b|unexpected status(?: code)?.* 429\b/i,
  ),
  row('the server failed', true, { test: (line) => tellsOf(line, 'server-failed') }),
  row('the connection broke off', true, { test: (line) => tellsOf(line, 'cut') }),
  row('no answer in time', true, { test: (line) => tellsOf(line, 'silent') }),
  row('no name server answers', true, /Temporary failure (?:in name resolution|resolving)|server misbehaving/i),
  row('the mirror was being synchronised', true, /Hash Sum mismatch|File has unexpected size|Mirror sync in progress/i),
  row(
    'nobody is there',
    false,
    /no such host|Could not resolve (?:host|')|connection refused|Could not connect to|Failed to connect to|Unable to connect to|no route to host|network is unreachable/i,
  ),
  row('it has no such commit', false, /reference is not a tree|unadvertised object|not our ref/i),
  row('apt has no list with this package', false, /E: Unable to locate package|has no installation candidate/i),
];

function row(what: string, transient: boolean, pattern: Row['pattern']): Row {
  return { what, transient, pattern };
}

/** The fault that lines of a failed step tell, or null where the network is not what failed. Pure. */
export function networkFault(lines: readonly string[]): NetworkFault | null {
  const found = ROWS.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  if (found === undefined) return null;
  const { pattern: _pattern, ...fault } = found;
  return fault;
}
