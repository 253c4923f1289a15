import type { Cell } from './cells.ts';

/** What a job of a GitHub workflow sees as `matrix`, by `fromJSON` (docs.github.com, "Workflow syntax", jobs.<job_id>.strategy.matrix.include). */
export interface Included {
  readonly cell: string;
  readonly ref: string;
  readonly arch: string;
  readonly target: string;
}

/** The matrix of a GitHub workflow: one job for each cell. Pure. */
export function githubMatrix(cells: readonly Cell[]): { readonly include: readonly Included[] } {
  return { include: cells.map(({ id, ref, arch, target }) => ({ cell: id, ref, arch, target })) };
}
