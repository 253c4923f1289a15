import type { BuildStep } from '../../types.ts';
import { fetchedBytes, readProgressLine, stageOfStep } from './progress-line.ts';
import { bytesOf, isFetched, keep, KEPT_LINES, toldBy, type FailedStep, type StepState } from './step-state.ts';

export type ProgressEvent =
  | {
      readonly type: 'started' | 'cached' | 'canceled';
      readonly step: number;
      readonly name: string;
      readonly stage: string | null;
    }
  | {
      readonly type: 'done';
      readonly step: number;
      readonly name: string;
      readonly stage: string | null;
      /** As BuildKit says it. */
      readonly seconds: number;
      /** What it fetched, as far as it was said: layers, files of ADD, packages of apt. */
      readonly bytes: number;
    }
  | {
      readonly type: 'failed';
      readonly step: number;
      readonly name: string;
      readonly stage: string | null;
      readonly message: string;
    }
  | { readonly type: 'log'; readonly step: number; readonly text: string }
  /** make's and docker's own lines. */
  | { readonly type: 'outside'; readonly text: string };

/** A running step that has said nothing for a while, and what it said until then. */
export interface SilentStep extends FailedStep {
  readonly silentMs: number;
}

/** The state of a build, as a view. */
export interface BuildSummary {
  readonly steps: readonly BuildStep[];
  /** The step that spoke last of those that run. `quiet`: seconds since then. */
  readonly current: {
    readonly name: string;
    readonly stage: string | null;
    readonly seconds: number;
    readonly quiet: number;
  } | null;
  /** Each step with what it took so far. */
  readonly work: readonly { readonly name: string; readonly seconds: number; readonly done: boolean }[];
  readonly running: number;
  readonly finished: number;
  /** Wall time since the first line, in seconds. */
  readonly seconds: number;
  /** Layers, files of ADD, and what apt says it fetched; null where nothing was said. Git and Go do not say. */
  readonly downloadedBytes: number | null;
  readonly failed: FailedStep | null;
  /** The last lines of make and docker themselves. */
  readonly outside: readonly string[];
}

/**
 * Follows BuildKit's plain progress, line by line; anything may come between. The time is given with each line
 * (milliseconds, from any origin), so that the same lines make the same summary.
 */
export class BuildProgress {
  private readonly steps = new Map<number, StepState>();
  private readonly transfers = new Map<string, number>();
  private fetched = 0;
  private readonly outside: string[] = [];
  private firstAt: number | null = null;
  private lastAt = 0;
  private current: number | null = null;
  /** The step of a `------` block, whose lines older docker prints with `#N` and newer without. */
  private quoted: StepState | null = null;
  private inQuote = false;

  feed(raw: string, atMs: number): ProgressEvent[] {
    this.firstAt ??= atMs;
    this.lastAt = atMs;
    const line = readProgressLine(raw, (step) => this.steps.has(step));
    switch (line.type) {
      case 'name':
        return this.start(line.step, line.name, atMs);
      case 'rule':
        this.inQuote = !this.inQuote;
        if (!this.inQuote) this.quoted = null;
        return [];
      case 'quoted-step':
        if (!this.inQuote) return this.say(raw);
        this.quoted =
          [...this.steps.values()].findLast(
            (step) => step.name.startsWith(line.name) || line.name.startsWith(step.name),
          ) ?? null;
        return [];
      case 'outside':
        // A block that was not closed ends where make or docker speak.
        if (/^(?:make(?:\[\d+\])?: |ERROR: |failed to solve)/.test(line.text)) this.inQuote = false;
        if (this.inQuote) {
          if (this.quoted !== null) this.quote(this.quoted, line.text);
          return [];
        }
        return this.say(line.text);
      case 'cached':
      case 'canceled':
      case 'done':
      case 'error':
      case 'log':
      case 'noise':
      case 'transfer':
        return this.step(line, atMs, raw);
    }
  }

  /** The state at `atMs`, by default at the last line. */
  summary(atMs: number = this.lastAt): BuildSummary {
    const steps = [...this.steps.values()];
    const current = this.current === null ? undefined : this.steps.get(this.current);
    const running = steps.filter((step) => step.state === 'running');
    const shown = current?.state === 'running' ? current : running.at(-1);
    const downloaded = [...this.transfers.values()].reduce((sum, bytes) => sum + bytes, this.fetched);
    return {
      steps: steps.map(({ name, stage, seconds, state }) => ({
        name,
        stage,
        seconds,
        cached: state === 'cached',
        failed: state === 'failed',
      })),
      current:
        shown === undefined
          ? null
          : {
              name: shown.name,
              stage: shown.stage,
              seconds: (atMs - shown.startedAt) / 1000,
              quiet: (atMs - shown.spokeAt) / 1000,
            },
      work: steps.map(({ name, seconds, startedAt, state }) => ({
        name,
        seconds: seconds ?? (atMs - startedAt) / 1000,
        done: state !== 'running',
      })),
      running: running.length,
      finished: steps.length - running.length,
      seconds: this.firstAt === null ? 0 : (atMs - this.firstAt) / 1000,
      downloadedBytes: downloaded === 0 ? null : downloaded,
      failed: this.failedStep(),
      outside: [...this.outside],
    };
  }

  /** The running steps of which nothing was heard for `forMs` at `atMs`, the longest silent first. */
  silent(atMs: number, forMs: number): readonly SilentStep[] {
    return [...this.steps.values()]
      .filter(({ state, spokeAt }) => state === 'running' && atMs - spokeAt >= forMs)
      .map((step) => ({ ...toldBy(step), silentMs: atMs - step.spokeAt }))
      .sort((a, b) => b.silentMs - a.silentMs);
  }

  private start(number: number, name: string, atMs: number): ProgressEvent[] {
    this.current = number;
    const known = this.steps.get(number);
    if (known !== undefined) return [];
    const step: StepState = {
      name,
      stage: stageOfStep(name),
      startedAt: atMs,
      spokeAt: atMs,
      state: 'running',
      seconds: null,
      message: '',
      objects: new Map(),
      fetched: 0,
      lines: [],
      telling: [],
    };
    this.steps.set(number, step);
    return [{ type: 'started', step: number, name, stage: step.stage }];
  }

  private step(
    line: Exclude<ReturnType<typeof readProgressLine>, { type: 'name' | 'rule' | 'quoted-step' | 'outside' }>,
    atMs: number,
    raw: string,
  ): ProgressEvent[] {
    const known = this.steps.get(line.step);
    // A log that begins in the middle: the step has no name.
    const events = known === undefined ? this.start(line.step, `step ${String(line.step)}`, atMs) : [];
    const step = known ?? this.steps.get(line.step);
    if (step === undefined) return events;
    const { name, stage } = step;
    if (line.type === 'log' || line.type === 'transfer') this.current = line.step;
    switch (line.type) {
      case 'log':
        if (this.inQuote) return events;
        step.spokeAt = atMs;
        keep(step, line.text);
        step.fetched += fetchedBytes(line.text);
        this.fetched += fetchedBytes(line.text);
        return [...events, { type: 'log', step: line.step, text: line.text }];
      case 'transfer':
        // BuildKit repeats the line of a transfer that stands still.
        if (step.objects.get(line.object) !== line.bytes) step.spokeAt = atMs;
        step.objects.set(line.object, line.bytes);
        if (isFetched(line.object))
          this.transfers.set(line.object, Math.max(line.bytes, this.transfers.get(line.object) ?? 0));
        return events;
      case 'cached':
        step.state = 'cached';
        return [...events, { type: 'cached', step: line.step, name, stage }];
      case 'done':
        if (step.state !== 'cached' && step.state !== 'failed') step.state = 'done';
        step.seconds = Math.max(step.seconds ?? 0, line.seconds);
        return [...events, { type: 'done', step: line.step, name, stage, seconds: line.seconds, bytes: bytesOf(step) }];
      case 'canceled':
        step.state = 'canceled';
        return [...events, { type: 'canceled', step: line.step, name, stage }];
      case 'error': {
        // The others are stopped because one failed; BuildKit calls that an error of theirs too.
        if (/^(?:context canceled|canceled|cancelled)/i.test(line.message)) {
          step.state = 'canceled';
          return [...events, { type: 'canceled', step: line.step, name, stage }];
        }
        step.state = 'failed';
        step.message = line.message;
        return [...events, { type: 'failed', step: line.step, name, stage, message: line.message }];
      }
      case 'noise':
        // Unpacking a layer is work; `...` and a `resolve` that still waits are not.
        if (/^#\d+ extracting /.test(raw)) step.spokeAt = atMs;
        return events;
    }
  }

  /** The block repeats lines of the step; what it has and the step has not (its log was clipped) is kept. */
  private quote(step: StepState, text: string): void {
    const bare = text.replace(/^#\d+ /, '').replace(/^\d+\.\d{1,3} /, '');
    if (bare !== '' && !step.lines.includes(bare)) keep(step, bare);
  }

  private say(text: string): ProgressEvent[] {
    if (text.trim() === '') return [];
    this.outside.push(text);
    if (this.outside.length > KEPT_LINES) this.outside.shift();
    return [{ type: 'outside', text }];
  }

  private failedStep(): FailedStep | null {
    const step = [...this.steps.values()].find(({ state }) => state === 'failed');
    return step === undefined ? null : toldBy(step);
  }
}
