import { parseDockerfile } from '../../dockerfile/parse.ts';
import type { Scan, Tree } from '../../types.ts';

/** The instructions that BuildKit counts in `[stage 2/6]` (dockerfile2llb/convert.go: those that make a layer, and FROM). */
const COUNTED = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/** How many steps the stages of the closure have, for a display; about, for patches change some. Pure. */
export function plannedSteps(files: Tree, { stages }: Pick<Scan, 'stages'>): number {
  const text = files.get('Dockerfile')?.text;
  if (text === undefined) return 0;
  const dockerfile = parseDockerfile(text, 'Dockerfile');
  return dockerfile.stages
    .filter(({ index }) => stages[index]?.inClosure === true)
    .reduce((sum, { instructions }) => sum + 1 + instructions.filter(({ keyword }) => COUNTED.has(keyword)).length, 0);
}
