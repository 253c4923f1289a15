import type { SmokeContext } from './context.ts';

/** What several checks stand on. Each is made when first needed, once. */
export type Resource = 'main' | 'image' | 'second';

/** One thing that the start-up must be seen to do. */
export interface Check {
  /** Stable, kebab-case: users name it in --only and --skip. */
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Resource[];
  /** Programs beside dockerd, looked for in the folder first, then on PATH; without one the check is skipped. */
  readonly programs?: readonly string[] | undefined;
  /** true: it starts a container, which does not work for another architecture under qemu-user. */
  readonly container?: boolean | undefined;
  readonly timeoutSeconds: number;
  readonly run: (context: SmokeContext) => Promise<Verdict>;
}

/** How a check ends when it is not failed. A string is `ok` with what was seen. */
export type Verdict =
  string | { readonly result: 'ok' | 'warning' | 'skipped'; readonly seen: string; readonly fix?: string | undefined };

/** What a check throws when the daemon did something else than it should. */
export class CheckFailure extends Error {
  readonly fix: string | undefined;

  constructor(expected: string, seen: string, fix?: string) {
    super(`expected ${expected}; seen ${seen}`);
    this.fix = fix;
  }
}

/**
 * Thrown when a daemon does not come up. `blame`: id of the check that the cause belongs to, or null.
 */
export class StartFailure extends Error {
  readonly blame: string | null;

  constructor(message: string, blame: string | null) {
    super(message);
    this.blame = blame;
  }
}

/** Throws CheckFailure unless it holds. `seen` is asked for only then. */
export function expectThat(
  holds: boolean,
  expected: string,
  seen: string | (() => string),
  fix?: string,
): asserts holds {
  if (!holds) throw new CheckFailure(expected, typeof seen === 'string' ? seen : seen(), fix);
}
