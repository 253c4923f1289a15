import type { LocatedBundle } from '../locate-files.ts';
import type { BundleBuild } from './needs.ts';

/** A bundle that was verified, and from which a run takes all that it would fetch. */
export interface UsedBundle {
  readonly file: string;
  readonly located: LocatedBundle;
  readonly build: BundleBuild;
  /** Commits that the store of this machine has, whole: the bundle may leave them out. */
  readonly stored: ReadonlySet<string>;
}
