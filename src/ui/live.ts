/** Ten times a second is what an eye follows; listr2 unthrottled takes minutes for what it does in no time like this. */
export const TERMINAL_INTERVAL_MS = 100;
/** A CI log is read afterwards: a sign of life every ten seconds is enough. */
export const LINES_INTERVAL_MS = 10_000;

export interface Throttled {
  /** Shows the text now, or keeps it until the interval is over; only the newest is kept. */
  readonly update: (text: string) => void;
  /** Shows what was kept, if anything was. */
  readonly flush: () => void;
}

/**
 * Lets texts through at most once in an interval, the same text never twice in a row. There is no timer: a process has nothing to
 * wait for because of it. `flush` at the end shows the last state.
 *
 * @param show what to do with a text: write a line, set a task's output
 */
export function throttled(show: (text: string) => void, intervalMs: number, now: () => number = Date.now): Throttled {
  let shownAt = -Infinity;
  let shown: string | null = null;
  let kept: string | null = null;
  const put = (text: string) => {
    kept = null;
    if (text === shown) return;
    shown = text;
    shownAt = now();
    show(text);
  };
  return {
    update: (text) => {
      if (now() - shownAt >= intervalMs) put(text);
      else kept = text;
    },
    flush: () => {
      if (kept !== null) put(kept);
    },
  };
}
