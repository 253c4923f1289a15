import type { BuildTarget } from '../../../src/make/flags/make-input.ts';
import { makeTargetOf } from '../../../src/moby/make-target.ts';
import { SERIES } from '../../../src/moby/series.ts';
import type { TargetName } from '../../../src/types.ts';

/** A target as the series has it: what the pipeline hands to the build room. */
export function buildTarget(
  series: string,
  name: TargetName,
): { readonly series: string; readonly builtBy: 'docker-build' | 'bake'; readonly target: BuildTarget } {
  const row = SERIES.find((candidate) => candidate.name === series);
  if (row === undefined || row.builtBy === 'docker-run') throw new Error(`nobody builds ${series}`);
  return { series, builtBy: row.builtBy, target: makeTargetOf(row, name, false).target };
}
