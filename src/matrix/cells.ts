import type { Shard } from '../config/options/matrix-options.ts';
import type { TargetName } from '../types.ts';

/** One build of a matrix. */
export interface Cell {
  /** Its name in tables, and the name of its folder: `v20.10.12-linux-arm64`, and the target where it is not `binary`. */
  readonly id: string;
  readonly ref: string;
  /** GOARCH */
  readonly arch: string;
  readonly target: TargetName;
}

/** Cells that a matrix leaves out: those that have all that is named. */
export interface Exclusion {
  /** A tag, or a pattern on tags. */
  readonly refs: readonly string[] | null;
  readonly arch: string | null;
  readonly target: string | null;
}

export interface Axes {
  readonly refs: readonly string[];
  readonly arches: readonly string[];
  readonly targets: readonly TargetName[];
  readonly exclude: readonly Exclusion[];
}

/** Every combination of the axes, each once, in their order: by ref, then architecture, then target. Pure. */
export function cellsOf({ refs, arches, targets, exclude }: Axes): readonly Cell[] {
  return refs.flatMap((ref) =>
    [...new Set(arches)].flatMap((arch) =>
      [...new Set(targets)]
        .filter((target) => !exclude.some((each) => isExcluded(each, ref, arch, target)))
        .map((target) => ({ id: cellId(ref, arch, target), ref, arch, target })),
    ),
  );
}

function isExcluded({ refs, arch, target }: Exclusion, ...cell: [string, string, string]): boolean {
  return (refs?.includes(cell[0]) ?? true) && (arch ?? cell[1]) === cell[1] && (target ?? cell[2]) === cell[2];
}

function cellId(ref: string, arch: string, target: TargetName): string {
  const name = `${ref.replaceAll(/[^\w.+-]/gu, '_')}-linux-${arch}`;
  return target === 'binary' ? name : `${name}-${target}`;
}

/** The cells of one part of `count`: every cell is in exactly one part, and parts differ by at most one cell. Pure. */
export function shardOf<Each>(cells: readonly Each[], shard: Shard | null): readonly Each[] {
  return shard === null ? cells : cells.filter((_, at) => at % shard.count === shard.index - 1);
}
