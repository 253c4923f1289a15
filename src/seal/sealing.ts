import type { Traffic } from './proxy.ts';

/** What a build under seal has beside its plan. */
export interface Sealing {
  /** Put over the environment of the build; empty where its steps have no network. */
  readonly env: Readonly<Record<string, string>>;
  /** Lets the hosts of a plan through; a change of mirror plans anew. */
  readonly allow: (hosts: readonly string[]) => void;
  /** null where the steps have no network. */
  readonly traffic: (() => Traffic) | null;
}
