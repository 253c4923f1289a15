import { Listr, type ListrBaseClassOptions } from 'listr2';
import { throwIfStopping } from '../system/supervisor.ts';
import type { RunState } from './state.ts';
import type { Step } from './step.ts';

/** How progress is shown; made by the caller, who knows the terminal. */
export interface Display {
  readonly list: ListrBaseClassOptions<RunState>;
  /** Lets texts through at the rate that suits the renderer (listr2 unthrottled takes minutes for a build's output). */
  readonly throttle: (show: (text: string) => void) => {
    readonly update: (text: string) => void;
    readonly flush: () => void;
  };
}

/**
 * Runs the steps one after the other and shows them as a list.
 *
 * @throws what a step throws; the steps after it do not run
 */
export async function runSteps(steps: readonly Step[], state: RunState, display: Display): Promise<void> {
  const tasks = steps.map((step) => ({
    title: step.title,
    skip: (): string | boolean => step.skip?.(state) ?? false,
    task: async (_state: RunState, task: { title: string; output: string }): Promise<void> => {
      throwIfStopping();
      const shown = display.throttle((text) => {
        task.output = text;
      });
      const result = await step.run(state, shown.update);
      if (result !== '') task.title = `${step.title}: ${result}`;
    },
  }));
  await new Listr<RunState>(tasks, display.list).run(state);
}
