import type { SmokeCheck } from '../../check-codes.ts';
import type { Resource, SmokeContext } from './context.ts';
import { CheckFailure } from '../daemon/failure.ts';

/** One thing that the start-up must be seen to do. */
export interface Check {
  /** Stable, kebab-case: users name it in --only and --skip. */
  readonly id: SmokeCheck;
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

/** Throws CheckFailure unless it holds. `seen` is asked for only then. */
export function expectThat(
  holds: boolean,
  expected: string,
  seen: string | (() => string),
  fix?: string,
): asserts holds {
  if (!holds) throw new CheckFailure(expected, typeof seen === 'string' ? seen : seen(), fix);
}
