import { makeLean } from '../../patching/lean.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import { argumentSource } from './argument-source.ts';
import { crossSource } from './cross-source.ts';
import type { Io } from '../stage/io.ts';
import type { Crossing, Sourced } from '../stage/stages.ts';

type Scannable = Pick<Sourced, 'source'> & { readonly crossing: Crossing };

/**
 * The tree as it is scanned, and the first patches of a plan, which made it so: it cross-compiles, hears the build arguments, and fetches less.
 * Throws as these say.
 */
export function sourceToScan(from: Sourced, io: Io): Scannable {
  return leanSource({ ...from, ...argumentSource({ ...from, ...crossSource(from, io) }, io) });
}

/** @throws MobyBuildError as `makeLean` (4) says */
function leanSource({ options, source, crossing }: Sourced & { readonly crossing: Crossing }): Scannable {
  // 19.03 compiles in a container of its whole image.
  if (!options.lean || source.series.builtBy === 'docker-run') return { source, crossing };
  const { tree, patches } = makeLean(source.files, loadRuleSet(), crossing.length);
  return { source: { ...source, files: tree }, crossing: [...crossing, ...patches] };
}
