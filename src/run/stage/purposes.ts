import type { FetchMode } from '../../source/checkout.ts';
import type { Series } from '../../moby/series-table.ts';
import type { Goal } from './stages.ts';

/** What a series must be good for. */
export type Need = Series['supported'] | 'audit';

/** What follows from the goal of a run. */
export interface Purpose {
  /** What the tree's series must be good for; `audit`: any tree will do. */
  readonly needs: Need;
  /** `full`: a tree that can be built, in the work dir. `files`: the few hundred files that a plan reads, in a directory that goes. */
  readonly tree: FetchMode;
  /** Whether choices are kept in the work dir for the next run. */
  readonly keeps: boolean;
  /** Whether this machine and its engine are looked at. */
  readonly checksMachine: boolean;
  /** Whether a build follows, now or later: sources and covered places are judged as a build does. */
  readonly builds: boolean;
  /** Whether binaries go to an out dir. */
  readonly fillsOutDir: boolean;
  /** Whether this machine fetches the components. */
  readonly fetches: boolean;
  /** Whether mirrors are asked for the digests of images; else those that are known are written. */
  readonly asksDigests: boolean;
}

type Yes = Exclude<keyof Purpose, 'needs' | 'tree'>;

function as(what: Pick<Purpose, 'needs' | 'tree'>): Purpose {
  return {
    ...what,
    keeps: false,
    checksMachine: false,
    builds: false,
    fillsOutDir: false,
    fetches: false,
    asksDigests: false,
  };
}

function allOf(...names: readonly Yes[]): Partial<Record<Yes, true>> {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** One row for each goal. A dry run refuses what its build refuses, but for a damaged tree, of which it warns; and it keeps nothing. */
export const PURPOSES: Readonly<Record<Goal, Purpose>> = {
  build: {
    ...as({ needs: 'build', tree: 'full' }),
    ...allOf('keeps', 'checksMachine', 'builds', 'fillsOutDir', 'fetches', 'asksDigests'),
  },
  // All that a build fetches, and no engine.
  bundle: { ...as({ needs: 'build', tree: 'full' }), ...allOf('builds', 'fetches', 'asksDigests') },
  'dry-run': { ...as({ needs: 'build', tree: 'files' }), ...allOf('builds', 'fillsOutDir', 'asksDigests') },
  // A patch set stands alone: what it is applied to needs nothing of this machine's.
  patch: as({ needs: 'patch', tree: 'files' }),
  audit: as({ needs: 'audit', tree: 'files' }),
  probe: as({ needs: 'build', tree: 'files' }),
};
