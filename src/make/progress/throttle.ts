/** Calls that come too often become few: the first at once, then at most one each `everyMs`, always with the newest value. */
export class Throttle<T> {
  private waiting: { readonly value: () => T } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private failure: { readonly cause: unknown } | null = null;
  private readonly everyMs: number;
  private readonly call: (value: T) => void;

  constructor(everyMs: number, call: (value: T) => void) {
    this.everyMs = everyMs;
    this.call = call;
  }

  /** `value` is asked for only when it is used. Throws what an earlier call threw from the timer. */
  offer(value: () => T): void {
    this.rethrow();
    if (this.timer !== null) {
      this.waiting = { value };
      return;
    }
    this.arm();
    this.call(value());
  }

  /** The same from a timer, where nobody is above: what a call throws is kept for whoever offers next. */
  tick(value: () => T): void {
    if (this.failure !== null) return;
    try {
      this.offer(value);
    } catch (cause) {
      this.failure = { cause };
    }
  }

  /** Ends the timer; what waits is dropped. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting = null;
  }

  private arm(): void {
    this.timer = setTimeout(() => {
      this.timer = null;
      const next = this.waiting;
      this.waiting = null;
      if (next !== null) this.tick(next.value);
    }, this.everyMs);
    this.timer.unref();
  }

  private rethrow(): void {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure.cause;
  }
}
