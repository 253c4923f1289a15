import { machine as uname } from 'node:os';
import { archOfUname } from '../../cpus.ts';
import type { Equipped, Requested } from '../stage/stages.ts';

type Known = Pick<Requested, 'goal' | 'options'> & Partial<Pick<Equipped, 'machine'>>;

/**
 * GOARCH of the machine on which the steps run: a node of the builder, else the engine's, which is taken for one of this machine where it was
 * not asked. A bundle is for another machine, which is taken to be one of the architecture that is built for.
 */
export function buildArchOf(from: Known): string {
  const { goal, options } = from;
  if (goal === 'bundle') return options.arch;
  const nodes = nodesApart(from);
  return nodes.includes(options.arch) ? options.arch : (nodes[0] ?? architectureOfEngine(from));
}

/** The architecture of the engine. Where none was asked, it is taken for one of this machine. */
export function architectureOfEngine({ machine }: Partial<Pick<Equipped, 'machine'>>): string {
  const asked = machine?.is === 'checked' ? machine.engine.serverArch : null;
  return asked ?? archOfUname(uname());
}

/** The architectures of the nodes of a builder that builds in place of the engine, as far as they run. */
function nodesApart({ machine }: Known): readonly string[] {
  const builder = machine?.is === 'checked' ? machine.engine.builder : null;
  if (builder === null || builder.driver === 'docker') return [];
  return builder.nodes.flatMap(({ native }) => (native === null ? [] : [native]));
}
