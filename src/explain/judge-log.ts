import { faultKind } from '../symptoms/faults.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { SYMPTOMS } from '../symptoms/table.ts';
import type { FailedMemory, LogFormat, ReadLog } from './log-reader.ts';
import type { Found, LogLine, StepMemory } from './step-memory.ts';

/** Why a build failed, as far as its log tells. */
export interface LogCause {
  readonly row: Symptom;
  readonly line: LogLine;
  /** The step, or null for a line outside of steps. */
  readonly step: string | null;
  readonly stage: string | null;
  /** A file of the tree, where the log names one. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** The address that was asked, where the log names one. */
  readonly url: string | null;
  /** `possible`: mostly it follows from something else, or the program went on, and nothing else is known. */
  readonly certainty: 'likely' | 'possible';
}

export interface LogVerdict {
  readonly format: LogFormat;
  readonly lines: number;
  readonly outcome: 'explained' | 'no-failure' | 'not-known';
  /** At most three, the likeliest first. */
  readonly causes: readonly LogCause[];
  /** Lines to read where no cause is known. */
  readonly telling: readonly LogLine[];
  readonly ownCode: ReadLog['ownCode'];
}

const MOST_CAUSES = 3;

interface Placed extends Found {
  readonly memory: StepMemory;
}

/**
 * Judges what was read. A cause goes before its consequences, what is of this machine before what the network did, and a fault of the
 * network behind one that the same step had after it, for the step had gone on. Pure.
 */
export function judgeLog(log: ReadLog): LogVerdict {
  const { format, lines, ownCode } = log;
  const whole = { format, lines, ownCode };
  if (!log.sawFailure && (log.sawSuccess || (log.format !== 'text' && log.open.length === 0 && !speaks(log.outside))))
    return { ...whole, outcome: 'no-failure', causes: [], telling: [] };
  const all = placesOf(log).flatMap((memory) => memory.symptoms().map((found) => ({ ...found, memory })));
  const causes = pick(all).map((found) => causeOf(found, log));
  const outcome = causes.length > 0 ? 'explained' : 'not-known';
  return { ...whole, outcome, causes, telling: causes.length > 0 ? [] : tellingOf(log) };
}

/** The failed steps and what was said outside; a step that was left open counts where none is known to have failed. */
function placesOf({ failed, open, outside }: ReadLog): readonly StepMemory[] {
  const steps = failed.map(({ memory }: FailedMemory) => memory);
  return [...(steps.length > 0 ? steps : open), outside];
}

function speaks(memory: StepMemory): boolean {
  return memory.symptoms().some(({ row, soft }) => row.counts === undefined && !soft);
}

/** The causes among all that was found: the strongest kind that there is, each fault once. */
function pick(all: readonly Placed[]): readonly Placed[] {
  const hard = all.filter(({ row, soft }) => row.counts === undefined && !soft);
  const late = all.filter(({ row, soft }) => row.counts === 'after' && !soft);
  const softOnes = all.filter(({ soft }) => soft);
  const pool = [hard, late, softOnes].find((each) => each.length > 0) ?? [];
  const sorted = pool.toSorted((a, b) => rank(a, pool) - rank(b, pool) || a.line.number - b.line.number);
  const kept: Placed[] = [];
  for (const found of sorted) {
    const same = kept.some(
      ({ row }) => row.code === found.row.code || (isShared(found) && row.fault === found.row.fault),
    );
    if (!same) kept.push(found);
  }
  return kept.slice(0, MOST_CAUSES);
}

/** Several messages of one broken connection are one cause; those of this machine and of the tree are each their own. */
function isShared({ row }: Found): boolean {
  return faultKind(row.fault).what !== null;
}

function rank(found: Placed, pool: readonly Placed[]): number {
  const at = SYMPTOMS.indexOf(found.row);
  const wentOn =
    faultKind(found.row.fault).meaning === 'transport' &&
    pool.some(
      ({ memory, row, line }) =>
        memory === found.memory && line.number > found.line.number && faultKind(row.fault).meaning !== 'transport',
    );
  return wentOn ? at + SYMPTOMS.length : at;
}

function causeOf({ row, line, url, soft, memory }: Placed, log: ReadLog): LogCause {
  const inStep = memory !== log.outside;
  const own = /(?:^|[\s(])((?:[\w.-]+\/)*[\w.-]+\.(?:go|c|h|sh|installer|mod|txt|hcl)):(\d+)\b/u.exec(line.text);
  const script = /^((?:[\w.-]+\/)+[\w.-]+): (?:line )?(\d+): /u.exec(line.text);
  const named = own ?? script;
  return {
    row,
    line,
    // A log that begins in the middle may not name the step.
    step: inStep && memory.name !== '' ? memory.name : null,
    stage: memory.stage,
    place: named === null ? (inStep ? log.place : null) : { file: named[1] ?? '', line: Number(named[2]) },
    url: faultKind(row.fault).what === null ? null : (/\bhttps?:\/\/[^\s'"<>\])]+/u.exec(line.text)?.[0] ?? url),
    certainty: row.counts === undefined && !soft ? 'likely' : 'possible',
  };
}

function tellingOf(log: ReadLog): readonly LogLine[] {
  const [first] = placesOf(log).filter((memory) => memory.lines().length > 0);
  return first?.lines() ?? [];
}
