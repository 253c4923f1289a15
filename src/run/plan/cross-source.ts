import { crossCompile } from '../../patching/cross.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import { wayOnNode } from '../../make/engine/way.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { buildArchOf } from './build-arch.ts';
import type { Io } from '../stage/io.ts';
import type { Crossing, Sourced } from '../stage/stages.ts';

/**
 * The tree as it is scanned, and the patches that made it so: one that cross-compiles, where the machine that builds has another
 * architecture and the series builds with docker build. From 23.0 on the tree does that by itself.
 *
 * @throws MobyBuildError as `crossCompile` (4) says
 */
export function crossSource(
  from: Sourced,
  io: Pick<Io, 'note'>,
): Pick<Sourced, 'source'> & { readonly crossing: Crossing } {
  const { options, source } = from;
  const { builtBy } = source.series;
  const own = buildArchOf(from);
  const { arch, emulate } = options;
  if (builtBy === 'bake' || wayOnNode({ native: own, arches: [] }, { arch, builtBy, emulate }) !== 'cross')
    return { source, crossing: [] };
  const { tree, patches } = crossCompile(source.files, loadRuleSet(), arch, own);
  io.note({ level: 'info', code: 'cross-compiled', message: MESSAGES.crossCompiled(arch, own) });
  return { source: { ...source, files: tree }, crossing: patches };
}
