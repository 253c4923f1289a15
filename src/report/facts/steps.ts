import type { RunEntry } from './record.ts';

/** A step of BuildKit in one try of the build. Times are seconds since the first try began. */
export interface ReportStep {
  /** Its place among all steps, from 1. */
  readonly number: number;
  readonly name: string;
  readonly stage: string | null;
  readonly state: 'done' | 'cached' | 'failed' | 'canceled' | 'running';
  /** null where only a log is there, which says how long a step took and not when. */
  readonly start: number | null;
  readonly seconds: number;
  /** Which try of the build, from 1. */
  readonly attempt: number;
  /** What it fetched, as far as it was said. */
  readonly bytes: number;
}

type Draft = { -readonly [Key in keyof ReportStep]: ReportStep[Key] };

/**
 * The steps of a record, in the order in which they began. One that has no end ran until the last thing that is known of the run.
 * BuildKit shows one step at a time and the others a little later, so where it says that a step took longer than it was shown, it began
 * earlier (util/progress/progressui/printer.go). Pure.
 */
export function stepsOf(entries: readonly RunEntry[]): readonly ReportStep[] {
  const steps: Draft[] = [];
  let open = new Map<number, Draft>();
  let attempt = 0;
  let first: number | null = null;
  let offset = 0;
  let last = 0;
  for (const entry of entries) {
    if (entry.is === 'try') {
      attempt += 1;
      open = new Map();
      first ??= Date.parse(entry.at);
      offset = (Date.parse(entry.at) - first) / 1000;
    }
    if (entry.is !== 'step') continue;
    const at = offset + entry.ms / 1000;
    last = Math.max(last, at);
    if (entry.what === 'started') {
      const { name = `step ${String(entry.step)}`, stage = null } = entry;
      const step: Draft = {
        number: steps.length + 1,
        name,
        stage,
        state: 'running',
        start: at,
        seconds: 0,
        attempt,
        bytes: 0,
      };
      steps.push(step);
      open.set(entry.step, step);
      continue;
    }
    const step = open.get(entry.step);
    if (step !== undefined) step.bytes = Math.max(step.bytes, entry.bytes ?? 0);
    if (step?.start !== undefined && step.start !== null) close(step, step.start, entry.what, at, entry.seconds ?? 0);
  }
  for (const step of steps)
    if (step.state === 'running' && step.start !== null) step.seconds = Math.max(0, last - step.start);
  return steps;
}

function close(step: Draft, start: number, what: Exclude<Draft['state'], 'running'>, at: number, said: number): void {
  if (step.state === 'cached' || step.state === 'failed') return;
  step.state = what;
  step.start = Math.max(0, Math.min(start, at - said));
  step.seconds = what === 'cached' ? 0 : Math.max(0, at - step.start);
}

/** One row of the critical path. */
export interface PathStep {
  readonly step: ReportStep;
  /** Seconds between the end of the one before and its start. */
  readonly waited: number;
  /** Why the one before it stands before it; null for the first. */
  readonly because: 'order' | 'time' | null;
}

/** Two ends so close are one moment: BuildKit's lines come in packets. */
const SAME_MOMENT = 0.5;

/**
 * The chain of steps that decided how long the build took, first to last. It begins at the step that ended last and goes back: before each
 * stands the step that ended last before it began; where several ended together, one that the Dockerfile's order puts before it. A log does
 * not say which step waits for which, so a row says whether the order is known (`order`) or only fits in time (`time`). Pure.
 */
export function criticalPath(steps: readonly ReportStep[]): readonly PathStep[] {
  const worked = steps.filter(({ start, seconds, state }) => start !== null && seconds > 0 && state !== 'cached');
  const path: PathStep[] = [];
  let current = latest(worked);
  while (current !== null) {
    const now: ReportStep = current;
    const begin = now.start ?? 0;
    const before = worked.filter(
      (each) => each.number !== now.number && (each.start ?? 0) < begin && endOf(each) <= begin + 0.05,
    );
    const newest = latest(before);
    const close = newest === null ? [] : before.filter((each) => endOf(each) >= endOf(newest) - SAME_MOMENT);
    const known = latest(close.filter((each) => comesBefore(each, now)));
    const previous = known ?? newest;
    path.unshift({
      step: now,
      waited: previous === null ? begin : Math.max(0, begin - endOf(previous)),
      because: previous === null ? null : known === null ? 'time' : 'order',
    });
    current = previous;
  }
  return path;
}

/** When a step ended; its start must be known. */
export function endOf({ start, seconds }: ReportStep): number {
  return (start ?? 0) + seconds;
}

function latest(steps: readonly ReportStep[]): ReportStep | null {
  return steps.reduce<ReportStep | null>(
    (best, step) => (best === null || endOf(step) > endOf(best) ? step : best),
    null,
  );
}

/** Whether the Dockerfile puts `a` before `b`: an earlier instruction of its stage, or a stage that `b` copies or mounts from. */
function comesBefore(a: ReportStep, b: ReportStep): boolean {
  if (a.attempt !== b.attempt || a.stage === null) return false;
  if (a.stage === b.stage) return indexOf(a.name) < indexOf(b.name);
  return new RegExp(String.raw`\bfrom=${escaped(a.stage)}(?![\w.-])`, 'iu').test(b.name);
}

function indexOf(name: string): number {
  return Number(/(\d+)\/\d+\]/u.exec(name)?.[1] ?? 0);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}
