import { machine as uname } from 'node:os';
import { archOfUname, crossToolsOf } from '../../cpus.ts';
import { crossCompile } from '../../patching/cross.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';
import type { Crossing, Sourced } from '../stage/stages.ts';

/** The architecture of the engine. Where none was asked, it is taken for one of this machine. */
export function architectureOfEngine({ machine }: Pick<Sourced, 'machine'>): string {
  const asked = machine.is === 'checked' ? machine.engine.serverArch : null;
  return asked ?? archOfUname(uname());
}

/**
 * The tree as it is scanned, and the patches that made it so: one that cross-compiles, where `--cross` asks for it, the engine
 * has another architecture and the series builds with docker build. From 23.0 on the tree does that by itself.
 *
 * @throws MobyBuildError as `crossCompile` (4) says
 */
export function crossSource(from: Sourced, io: Io): Pick<Sourced, 'source'> & { readonly crossing: Crossing } {
  const { options, source } = from;
  const own = architectureOfEngine(from);
  if (!options.cross || source.series.builtBy !== 'docker-build' || crossToolsOf(options.arch, own) === null)
    return { source, crossing: [] };
  const { tree, patches } = crossCompile(source.files, loadRuleSet(), options.arch, own);
  io.note({ level: 'info', code: 'cross-compiled', message: MESSAGES.crossCompiled(options.arch, own) });
  return { source: { ...source, files: tree }, crossing: patches };
}
