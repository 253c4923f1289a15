import { Listr, type ListrBaseClassOptions } from 'listr2';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Chain } from './chain.ts';
import type { Io } from './io.ts';

/** How progress is shown; made by the caller, who knows the terminal. */
export interface Display {
  readonly list: ListrBaseClassOptions;
  /** Whether a list is drawn anew as it changes; else each event is a line. */
  readonly live: boolean;
  /** Lets texts through at the rate that suits the renderer (listr2 unthrottled takes minutes for a build's output). */
  readonly throttle: (show: (text: string) => void) => (text: string) => void;
  /** A sentence in the language of the run. */
  readonly spoken: (english: string) => string;
  /** Shows where the run is in the title of the terminal; does nothing where there is none. */
  readonly title: (text: string) => void;
}

/**
 * As `runChain`, with the steps shown as a list.
 *
 * @throws what a step throws; the steps after it do not run
 */
export async function showChain<In, Out>(chain: Chain<In, Out>, from: In, io: Io, display: Display): Promise<Out> {
  let stage: unknown = from;
  const tasks = chain.steps.map((step) => {
    let skipped: { readonly reason: string; readonly to: unknown } | null = null;
    const title = display.spoken(step.title);
    return {
      title,
      skip: (): string | boolean => {
        skipped = step.skip?.(stage) ?? null;
        if (skipped === null) return false;
        stage = skipped.to;
        return display.spoken(skipped.reason);
      },
      task: async (_context: unknown, task: { title: string; output: string }): Promise<void> => {
        throwIfStopping();
        const say = display.throttle((text) => {
          task.output = display.spoken(text);
        });
        const share = (done: number | null): void => {
          display.title(MESSAGES.titleOf(title, done));
        };
        share(null);
        const done = await step.run(stage, { ...io, say, share });
        stage = done.to;
        io.found(stage as object);
        if (done.words !== '') task.title = `${title}: ${display.spoken(done.words)}`;
      },
    };
  });
  await new Listr(tasks, display.list).run();
  return stage as Out;
}
