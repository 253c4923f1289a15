import type { RunState } from './state.ts';

/** One step of a run, as a value: the list of them can be read aloud. */
export interface Step {
  readonly title: string;
  /** A reason to leave it out, which is shown; null to run it. */
  readonly skip?: (state: RunState) => string | null;
  /**
   * Does it, filling in the state. `say` shows what is going on (it may be called as often as one likes). Returns what is
   * shown beside the title when it is done.
   */
  readonly run: (state: RunState, say: (text: string) => void) => Promise<string>;
}
