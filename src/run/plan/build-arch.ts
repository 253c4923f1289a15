import { archOfNode } from '../../cpus.ts';
import type { Requested } from '../stage/stages.ts';

/**
 * GOARCH of the machine on which the steps run: this one. A bundle is for another machine, which is taken to be one of the architecture that is built
 * for.
 */
export function buildArchOf({ goal, options }: Pick<Requested, 'goal' | 'options'>): string {
  return goal === 'bundle' ? options.arch : (archOfNode(process.arch) ?? options.arch);
}
