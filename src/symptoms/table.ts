import { FAULTS, faultKind, type Fault } from './faults.ts';
import { CLIENT_ROWS } from './client-rows.ts';
import { CUT_ROWS } from './cut-rows.ts';
import { ENGINE_ROWS } from './engine-rows.ts';
import { GO_ROWS } from './go-rows.ts';
import { MACHINE_ROWS } from './machine-rows.ts';
import { MISSING_ROWS } from './missing-rows.ts';
import { REFUSED_ROWS } from './refused-rows.ts';
import { TAMPERED_ROWS } from './tampered-rows.ts';
import { LATE_ROWS, TREE_ROWS } from './tree-rows.ts';
import { UNREACHABLE_ROWS } from './unreachable-rows.ts';
import type { Symptom } from './symptom.ts';

/**
 * Every message that is known, the one table of them: the hints and the fail-over of a build, the lines that are shown of a failed step,
 * the fetches of this machine and `explain` read it. In the order from causes to their consequences: the first row that matches counts.
 */
export const SYMPTOMS: readonly Symptom[] = [
  ...MACHINE_ROWS,
  ...CLIENT_ROWS,
  ...ENGINE_ROWS,
  ...GO_ROWS,
  ...TREE_ROWS,
  ...TAMPERED_ROWS,
  ...REFUSED_ROWS,
  ...MISSING_ROWS,
  ...UNREACHABLE_ROWS,
  ...CUT_ROWS,
  ...LATE_ROWS,
].sort((a, b) => rank(a) - rank(b));

/** Rows that mostly follow from another fault stand behind all others. */
function rank({ counts }: Symptom): number {
  return counts === undefined ? 0 : counts === 'after' ? 1 : 2;
}

/** Nearly every line of a log matches none: one pass tells that. */
const ANY = new RegExp(SYMPTOMS.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'i');

/** The rows that a line matches, likeliest first. Pure. */
export function symptomsOf(line: string): readonly Symptom[] {
  if (!ANY.test(line)) return [];
  return SYMPTOMS.filter(({ pattern }) => pattern.test(line));
}

/** Whether a text tells of this fault of transport, or of any where none is named. Pure. */
export function tellsOf(text: string, fault?: Fault): boolean {
  if (!ANY.test(text)) return false;
  return SYMPTOMS.some(
    (row) =>
      (fault === undefined ? faultKind(row.fault).meaning === 'transport' : row.fault === fault) &&
      row.pattern.test(text),
  );
}

/** What the lines of a failed step say of the network, or of what keeps it from being asked. */
export interface NetworkFault {
  readonly fault: Fault;
  /** `too many requests`: what is wrong, for a person. */
  readonly what: string;
  /** true: it may be gone the next time; false: that mirror will say the same again. */
  readonly transient: boolean;
  /** It is this machine's: no mirror is to blame, and another one would fare alike. */
  readonly local?: true;
}

const ORDER = Object.keys(FAULTS) as readonly Fault[];

/** The fault that lines of a failed step tell, or null where the network is not what failed. Pure. */
export function networkFault(lines: readonly string[]): NetworkFault | null {
  // The first row of a line is the one that says it best: a proxy's 407 is a status that begins with 4, too.
  const ofNetwork = (line: string): Fault | undefined =>
    symptomsOf(line).find((row) => faultKind(row.fault).what !== null)?.fault;
  const told = new Set(lines.map(ofNetwork));
  const fault = ORDER.find((each) => told.has(each));
  if (fault === undefined) return null;
  const { what, passes, ofThisMachine } = faultKind(fault);
  return { fault, what: what ?? '', transient: passes, ...(ofThisMachine === true ? { local: true } : {}) };
}

/** What lines of a log mean, the likeliest cause first; nothing for lines of which nothing is known. Pure. */
export function causesOf(lines: readonly string[]): readonly Symptom[] {
  const told = new Set(lines.flatMap(symptomsOf));
  return SYMPTOMS.filter((row) => row.counts !== 'never' && told.has(row));
}

/** The row of a code, in any case of its letters; undefined where there is none. Pure. */
export function symptomOf(code: string): Symptom | undefined {
  return SYMPTOMS.find((row) => row.code === code.toUpperCase());
}
