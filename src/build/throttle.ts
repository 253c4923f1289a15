/** Calls that come too often become few: the first at once, then at most one each `everyMs`, always with the newest value. */
export class Throttle<T> {
  private waiting: { readonly value: () => T } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly everyMs: number;
  private readonly call: (value: T) => void;

  constructor(everyMs: number, call: (value: T) => void) {
    this.everyMs = everyMs;
    this.call = call;
  }

  /** `value` is asked for only when it is used. */
  offer(value: () => T): void {
    if (this.timer !== null) {
      this.waiting = { value };
      return;
    }
    this.arm();
    this.call(value());
  }

  /** Hands over what waits, and ends the timer. */
  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const last = this.waiting;
    this.waiting = null;
    if (last !== null) this.call(last.value());
  }

  private arm(): void {
    this.timer = setTimeout(() => {
      this.timer = null;
      const next = this.waiting;
      this.waiting = null;
      if (next === null) return;
      this.arm();
      this.call(next.value());
    }, this.everyMs);
    this.timer.unref();
  }
}
