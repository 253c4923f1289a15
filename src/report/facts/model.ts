import type { BinaryFacts, CheckResult, Note } from '../../types.ts';
import { BuildProgress } from '../../make/progress/progress.ts';
import { redact } from '../../system/redact.ts';
import type { EntryOf, RunEntry } from './record.ts';
import { criticalPath, stepsOf, type PathStep, type ReportStep } from './steps.ts';

export const OUTCOMES = ['built', 'failed', 'interrupted', 'unfinished', 'unknown'] as const;
/** How a run ended. `unfinished`: it was killed, or it still runs; `unknown`: only a log is there. */
export type Outcome = (typeof OUTCOMES)[number];

/** What is known of one run, as a value. */
export interface RunFacts {
  readonly outcome: Outcome;
  readonly begin: EntryOf<'begin'> | null;
  readonly source: EntryOf<'source'> | null;
  readonly plan: EntryOf<'plan'> | null;
  readonly end: EntryOf<'end'> | null;
  /** Of the whole run; null where its end or begin is not known. */
  readonly seconds: number | null;
  readonly steps: readonly ReportStep[];
  readonly path: readonly PathStep[];
  /** How often the build was run. */
  readonly attempts: number;
  readonly notes: readonly Note[];
  /** Whom a sealed build contacted; null: it was not sealed, or its end is not known. */
  readonly seal: EntryOf<'seal'>['seal'] | null;
  readonly binaries: readonly BinaryFacts[];
  readonly checks: readonly CheckResult[];
  readonly smoke: readonly CheckResult[];
}

/** A run and the one before it in the same work dir. */
export interface RunReport {
  readonly run: RunFacts;
  readonly before: RunFacts | null;
}

/**
 * What a record comes to. Of what stands in it several times the last counts: another mirror made another plan. Passwords are taken out
 * here once more, whatever wrote the record. Pure.
 */
export function runFacts(recorded: readonly RunEntry[]): RunFacts {
  const entries = recorded.map((entry) => redact(entry) as RunEntry);
  const last = <Is extends RunEntry['is']>(is: Is): EntryOf<Is> | null =>
    entries.findLast((entry): entry is EntryOf<Is> => entry.is === is) ?? null;
  const begin = last('begin');
  const end = last('end');
  const steps = stepsOf(entries);
  const verified = last('verified');
  return {
    outcome: outcomeOf(end),
    begin,
    source: last('source'),
    plan: last('plan'),
    end,
    seconds: begin === null || end === null ? null : Math.max(0, Date.parse(end.at) - Date.parse(begin.at)) / 1000,
    steps,
    path: criticalPath(steps),
    attempts: entries.filter(({ is }) => is === 'try').length,
    notes: entries.flatMap((entry) => (entry.is === 'note' ? [entry.note] : [])),
    seal: last('seal')?.seal ?? null,
    binaries: verified?.binaries ?? [],
    checks: verified?.checks ?? [],
    smoke: last('smoke')?.checks ?? [],
  };
}

function outcomeOf(end: EntryOf<'end'> | null): Outcome {
  if (end === null) return 'unfinished';
  if (end.error === null) return 'built';
  return end.error.code === 'interrupted' ? 'interrupted' : 'failed';
}

/** What a log alone comes to: its steps and how long each took, not when. Fed line by line, so that a log may be of any size. */
export class LogReplay {
  private readonly progress = new BuildProgress();

  feed(line: string): void {
    this.progress.feed(line, 0);
  }

  facts(): RunFacts {
    const { steps, failed } = this.progress.summary();
    const shown = steps.map((step, index): ReportStep => ({
      number: index + 1,
      name: redact(step.name) as string,
      stage: step.stage,
      state: step.failed ? 'failed' : step.cached ? 'cached' : step.seconds === null ? 'running' : 'done',
      start: null,
      seconds: step.seconds ?? 0,
      attempt: 1,
      bytes: 0,
    }));
    return {
      ...{ outcome: failed === null ? 'unknown' : 'failed', begin: null, source: null, plan: null, end: null },
      ...{
        seconds: null,
        steps: shown,
        path: [],
        attempts: 1,
        notes: [],
        seal: null,
        binaries: [],
        checks: [],
        smoke: [],
      },
    };
  }
}
