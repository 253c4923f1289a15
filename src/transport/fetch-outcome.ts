import { faultKind, type Fault } from '../symptoms/faults.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { SYMPTOMS, symptomsOf } from '../symptoms/table.ts';

/** How an attempt at one clone URL ended. */
export type FetchOutcome =
  | 'ok'
  /** A git server, but it has no such tag or branch. */
  | 'no-such-ref'
  /** A git server that gives what a ref names, and no commit by its id; or none without its history. */
  | 'no-singles'
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

/** What a fault of the table means for a fetch. */
const OUTCOME_OF: Readonly<Partial<Record<Fault, FetchFailure['outcome']>>> = {
  disk: 'disk-full',
  'no-name': 'unreachable',
  'no-name-server': 'unreachable',
  untrusted: 'unreachable',
  nobody: 'unreachable',
  silent: 'unreachable',
  'plain-http': 'unreachable',
  slow: 'too-slow',
  login: 'refused',
  refused: 'refused',
  'proxy-login': 'refused',
  'too-many': 'refused',
  'server-failed': 'refused',
  'no-file': 'refused',
  'no-repository': 'refused',
  'other-protocol': 'not-git',
  redirects: 'not-git',
  'no-ref': 'no-such-ref',
  'no-singles': 'no-singles',
  damaged: 'broken',
  cut: 'broke-off',
};

/** What a failed `git fetch` means. `said`: what it wrote to stderr; `timedOut`: we ended it because it fell silent. */
export function classifyFetchFailure(said: string, timedOut: boolean): FetchFailure {
  const lines = said.split(/[\r\n]+/);
  const found = lines.flatMap(rowsOfFetch);
  // A dropped connection makes index-pack complain too; then the drop is the cause.
  const cut = found.find(({ row }) => row.fault === 'cut');
  const before = found.filter(({ row }) => row.fault !== 'damaged' || /fsck error/i.test(said) || cut === undefined);
  if (timedOut && cut === undefined) return { outcome: 'too-slow', reason: 'it accepted and then said nothing' };
  const best = before.toSorted((a, b) => SYMPTOMS.indexOf(a.row) - SYMPTOMS.indexOf(b.row))[0];
  if (best !== undefined) return failureOf(best);
  const last = lines.findLast((line) => /^(?:fatal|error|remote):/.test(line));
  return { outcome: 'unknown', reason: last ?? 'git said nothing about why' };
}

interface FoundRow {
  readonly row: Symptom;
  readonly match: RegExpExecArray;
}

/** The rows that a line of git matches and that mean something for a fetch. */
function rowsOfFetch(line: string): readonly FoundRow[] {
  return symptomsOf(line).flatMap((row) => {
    const match = OUTCOME_OF[row.fault] === undefined ? null : row.pattern.exec(line);
    return match === null ? [] : [{ row, match }];
  });
}

function failureOf({ row, match }: FoundRow): FetchFailure {
  const outcome = OUTCOME_OF[row.fault] ?? 'unknown';
  const first = match.slice(1).find((group: string | undefined) => group !== undefined) ?? '';
  const reason = (row.reason ?? faultKind(row.fault).what ?? '').replace('$1', () => first);
  // curl and git say the number of an answer; other refusals have none.
  return /^\d{3}$/.test(first) ? { outcome, reason, status: Number(first) } : { outcome, reason };
}
