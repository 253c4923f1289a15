import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { makeTargetOf } from '../../../src/moby/make-target.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import type { TargetName } from '../../../src/types.ts';

/** A target as the series has it: what the pipeline hands to the build room. */
export function buildTarget(
  series: string,
  name: TargetName,
): Pick<MakeInput, 'namedArgs' | 'bakesAptMirror' | 'builtBy' | 'target'> {
  const row = SERIES.find((candidate) => candidate.name === series);
  if (row === undefined || row.builtBy === 'docker-run') throw new Error(`nobody builds ${series}`);
  const { builtBy, namedArgs } = row;
  // The bake files of v23.0.0 to v23.0.6 and v24.0.0 to v24.0.4 have the variable.
  const bakesAptMirror = ['23.0', '24.0'].includes(series);
  return { builtBy, namedArgs, bakesAptMirror, target: makeTargetOf(row, name, false).target };
}
