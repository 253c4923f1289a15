import { throwIfStopping } from '../../system/process/supervisor.ts';
import type { Io } from './io.ts';

/** What a step comes to: the next stage, and what is shown beside its title. */
export interface Done<To> {
  readonly to: To;
  readonly words: string;
}

/** One step of a run: from one stage to the next, neither of which is ever changed. */
export interface Step<From, To> {
  /** In the imperative: what it does. */
  readonly title: string;
  readonly run: (from: From, io: Io) => Promise<Done<To>>;
  /** A reason to leave the step out, which is shown, and the stage that stands then; null to run it. */
  readonly skip?: (from: From) => { readonly reason: string; readonly to: To } | null;
}

/** A step whose stages only the chain that holds it knows. */
export type AnyStep = Step<unknown, unknown>;

/**
 * Steps that fit together, as a value. A command is a chain and what it does with the stage at its end. A longer chain is a shorter one
 * with more behind it, so a step that is added in one place is there for all.
 */
export interface Chain<In, Out> {
  readonly steps: readonly AnyStep[];
  readonly then: <Next>(step: Step<Out, Next>) => Chain<In, Next>;
  readonly join: <Next>(chain: Chain<Out, Next>) => Chain<In, Next>;
}

/** The chain without a step. */
export function startAt<Stage>(): Chain<Stage, Stage> {
  return chainOf<Stage, Stage>([]);
}

function chainOf<In, Out>(steps: readonly AnyStep[]): Chain<In, Out> {
  return {
    steps,
    // `then` and `join` alone put steps behind each other, and they check that each takes what the one before gives.
    then: <Next>(step: Step<Out, Next>) => chainOf<In, Next>([...steps, step as AnyStep]),
    join: <Next>(chain: Chain<Out, Next>) => chainOf<In, Next>([...steps, ...chain.steps]),
  };
}

/**
 * Runs one step after the other; shows nothing of its own.
 *
 * @throws what a step throws, and `interrupted` (130, 143) between two steps; the steps after it do not run
 */
export async function runChain<In, Out>(chain: Chain<In, Out>, from: In, io: Io): Promise<Out> {
  let stage: unknown = from;
  for (const step of chain.steps) {
    throwIfStopping();
    const skipped = step.skip?.(stage) ?? null;
    stage = skipped === null ? (await step.run(stage, io)).to : skipped.to;
    io.found(stage as object);
  }
  return stage as Out;
}
