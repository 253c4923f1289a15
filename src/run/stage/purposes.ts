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
  /** Whether a build follows, now or on this machine later: out dir, sources and covered places are judged as a build does. */
  readonly builds: boolean;
  /** Whether mirrors are asked for the digests of images; else those that are known are written. */
  readonly asksDigests: boolean;
}

/** One row for each goal. A dry run refuses what its build refuses, but for a damaged tree, of which it warns; and it keeps nothing. */
export const PURPOSES: Readonly<Record<Goal, Purpose>> = {
  build: { needs: 'build', tree: 'full', keeps: true, checksMachine: true, builds: true, asksDigests: true },
  'dry-run': { needs: 'build', tree: 'files', keeps: false, checksMachine: false, builds: true, asksDigests: true },
  // A patch set stands alone: what it is applied to needs nothing of this machine's.
  patch: { needs: 'patch', tree: 'files', keeps: false, checksMachine: false, builds: false, asksDigests: false },
  audit: { needs: 'audit', tree: 'files', keeps: false, checksMachine: false, builds: false, asksDigests: false },
  probe: { needs: 'build', tree: 'files', keeps: false, checksMachine: false, builds: false, asksDigests: false },
};
