import { isHopeless, nextCell, type Waiting } from './placement.ts';
import type { CellError, Fate } from './fate.ts';

/** What the cells are run with; the caller starts processes and asks builders. */
export interface Runner {
  /** Builds a cell on a builder, to its end. */
  readonly build: (cell: Waiting, builder: string) => Promise<Fate>;
  /** Whether a builder answers, asked after a connection to it broke. */
  readonly isThere: (builder: string) => Promise<boolean>;
  readonly told: (event: CellEvent) => void;
}

export type CellEvent =
  | { readonly is: 'started'; readonly id: string; readonly builder: string }
  | { readonly is: 'moved'; readonly id: string; readonly builder: string; readonly error: CellError }
  | { readonly is: 'dead'; readonly builder: string }
  | { readonly is: 'ended'; readonly id: string; readonly end: CellEnd };

/** What became of a cell. `left`: it was not begun, because another one had failed. */
export interface CellEnd {
  readonly is: 'built' | 'failed' | 'left';
  readonly error: CellError | null;
  /** Where it was tried, in this order, and the code of the error there; null: it was built. */
  readonly tries: readonly { readonly builder: string; readonly code: string | null }[];
}

export interface Plan {
  readonly cells: readonly Omit<Waiting, 'tried'>[];
  readonly builders: readonly string[];
  /** Cells at a time on each builder. */
  readonly jobs: number;
  readonly keepGoing: boolean;
}

/** A cell whose connection breaks this often fails with it, wherever it was. */
const MOST_TRIES = 3;
/** A builder that loses two cells one after the other gets no more, though it answers. */
const MOST_LOSSES = 2;

/**
 * Runs cells on builders until none is left. A cell whose builder was lost goes to another one; a cell whose build failed does not, and
 * without `keepGoing` nothing further is begun then. What runs is waited for. Which cell goes where: `nextCell`.
 *
 * @throws what `build` throws, when all that runs has ended
 */
export async function runCells(plan: Plan, runner: Runner): Promise<ReadonlyMap<string, CellEnd>> {
  return new CellRun(plan, runner).all();
}

class CellRun {
  private readonly ends = new Map<string, CellEnd>();
  private readonly running = new Map<string, { cell: Waiting; builder: string; done: Promise<void> }>();
  private readonly tries = new Map<string, { builder: string; code: string | null }[]>();
  private readonly losses = new Map<string, number>();
  private waiting: Waiting[];
  private live: readonly string[];
  private stopped = false;
  private failure: { readonly cause: unknown } | null = null;
  private readonly plan: Plan;
  private readonly runner: Runner;

  constructor(plan: Plan, runner: Runner) {
    this.plan = plan;
    this.runner = runner;
    this.waiting = plan.cells.map((cell) => ({ ...cell, tried: [] }));
    this.live = plan.builders;
  }

  async all(): Promise<ReadonlyMap<string, CellEnd>> {
    for (;;) {
      this.giveUpHopeless();
      this.fill();
      if (this.running.size === 0) break;
      await Promise.race([...this.running.values()].map(({ done }) => done));
    }
    if (this.failure !== null) throw this.failure.cause;
    for (const { id } of this.waiting) this.end(id, 'left', null);
    return this.ends;
  }

  /** Gives every free place a cell, one place of each builder at a time, so that all of them begin. */
  private fill(): void {
    for (let began = !this.stopped; began;) {
      began = false;
      for (const builder of this.live) {
        const mine = [...this.running.values()].filter((each) => each.builder === builder).length;
        const keys = [...this.running.values()].map(({ cell }) => cell.key);
        const cell = mine < this.plan.jobs ? nextCell(builder, this.waiting, { live: this.live, keys }) : null;
        if (cell === null) continue;
        this.start(cell, builder);
        began = true;
      }
    }
  }

  private start(cell: Waiting, builder: string): void {
    this.waiting = this.waiting.filter((each) => each !== cell);
    this.runner.told({ is: 'started', id: cell.id, builder });
    const done = this.buildOn(cell, builder)
      .catch((cause: unknown) => {
        this.failure ??= { cause };
        this.stopped = true;
      })
      .finally(() => {
        this.running.delete(cell.id);
      });
    this.running.set(cell.id, { cell, builder, done });
  }

  private async buildOn(cell: Waiting, builder: string): Promise<void> {
    const fate = await this.runner.build(cell, builder);
    const tries = this.tries.get(cell.id) ?? [];
    this.tries.set(cell.id, [...tries, { builder, code: fate.is === 'built' ? null : fate.error.code }]);
    if (fate.is !== 'lost') this.losses.delete(builder);
    if (fate.is === 'built') this.end(cell.id, 'built', null);
    else if (fate.is === 'failed') this.fail(cell.id, fate.error);
    else await this.lost(cell, builder, fate.error);
  }

  private async lost(cell: Waiting, builder: string, error: CellError): Promise<void> {
    const losses = (this.losses.get(builder) ?? 0) + 1;
    this.losses.set(builder, losses);
    if (this.live.includes(builder) && (losses >= MOST_LOSSES || !(await this.runner.isThere(builder)))) {
      this.live = this.live.filter((name) => name !== builder);
      this.runner.told({ is: 'dead', builder });
    }
    const again = (this.tries.get(cell.id)?.length ?? 0) < MOST_TRIES && !isHopeless(cell, this.live);
    if (!again) {
      this.fail(cell.id, error);
      return;
    }
    this.runner.told({ is: 'moved', id: cell.id, builder, error });
    this.waiting = [{ ...cell, tried: [...cell.tried, builder] }, ...this.waiting];
  }

  /** Cells that no living builder can build; what they would need went away. */
  private giveUpHopeless(): void {
    if (this.stopped) return;
    for (const cell of this.waiting.filter((each) => isHopeless(each, this.live))) {
      this.waiting = this.waiting.filter((each) => each !== cell);
      this.fail(cell.id, nobodyLeft(cell));
    }
  }

  private fail(id: string, error: CellError): void {
    if (!this.plan.keepGoing) this.stopped = true;
    this.end(id, 'failed', error);
  }

  private end(id: string, is: CellEnd['is'], error: CellError | null): void {
    const end = { is, error, tries: this.tries.get(id) ?? [] };
    this.ends.set(id, end);
    this.runner.told({ is: 'ended', id, end });
  }
}

function nobodyLeft({ id, ways }: Pick<Waiting, 'id' | 'ways'>): CellError {
  return {
    code: 'no-builder',
    exitCode: 3,
    message: `No builder is left that can build ${id}; these could: ${[...ways.keys()].join(', ')}.`,
    where: null,
    hint: null,
    command: 'docker buildx ls',
  };
}
