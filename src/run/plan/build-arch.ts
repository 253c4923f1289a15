import { machine as uname } from 'node:os';
import { archOfUname } from '../../cpus.ts';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import { nodeFor } from '../../make/engine/way.ts';
import type { Equipped, Requested, Sourced } from '../stage/stages.ts';

type Known = Pick<Requested, 'goal' | 'options'> & Partial<Pick<Equipped, 'machine'> & Pick<Sourced, 'source'>>;

/**
 * GOARCH of the machine on which the steps run: a node of the builder, else the engine's, which is taken for one of this machine where it was
 * not asked. A bundle is for another machine: `--builder-arch`, where the tree cross-compiles by itself, else one of the architecture that is built for.
 */
export function buildArchOf(from: Known): string {
  const { goal, options } = from;
  if (goal === 'bundle')
    return from.source?.series.builtBy === 'bake' ? (options.builderArch ?? options.arch) : options.arch;
  const apart = from.machine?.is === 'checked' ? builderApart(from.machine.engine) : null;
  const running = (apart?.nodes ?? []).filter(({ native }) => native !== null);
  return nodeFor(running, options.arch)?.native ?? architectureOfEngine(from);
}

/** The architecture of the engine. Where none was asked, it is taken for one of this machine. */
export function architectureOfEngine({ machine }: Partial<Pick<Equipped, 'machine'>>): string {
  const asked = machine?.is === 'checked' ? machine.engine.serverArch : null;
  return asked ?? archOfUname(uname());
}
