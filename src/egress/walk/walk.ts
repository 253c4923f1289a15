import type { Dockerfile } from '../../dockerfile/text/dockerfile.ts';
import type { Variables } from '../../dockerfile/scope.ts';
import type { Points } from '../world/points.ts';
import type { StageWorld } from '../world/stage-world.ts';
import type { WatchedTree } from '../world/watched-tree.ts';

/** What a walk through the stages shares. */
export interface Walk {
  readonly dockerfile: Dockerfile;
  readonly tree: WatchedTree;
  readonly variables: Variables;
  readonly points: Points;
  readonly arch: string;
  /** The worlds of the stages before, by index. */
  readonly worlds: StageWorld[];
}
