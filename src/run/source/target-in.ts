import { parseDockerfile } from '../../dockerfile/parse.ts';
import { makeTargetOf } from '../../moby/make-target.ts';
import type { Series } from '../../moby/series-table.ts';
import type { TargetName, Tree } from '../../types.ts';

/**
 * The target for one tree: `make binary` without `--target` builds the last stage, which a fork may have under another name than
 * moby's trees (v19.03.15: `final`). Pure.
 */
export function makeTargetIn(
  tree: Tree,
  series: Pick<Series, 'name' | 'builtBy'>,
  wish: TargetName,
  withDeps: boolean,
): ReturnType<typeof makeTargetOf> {
  const { target, notes } = makeTargetOf(series, wish, withDeps);
  if (series.builtBy !== 'docker-run') return { target, notes };
  const text = tree.get('Dockerfile')?.text;
  const last = text === undefined ? undefined : parseDockerfile(text, 'Dockerfile').stages.at(-1);
  return { target: { ...target, stage: last?.name ?? target.stage }, notes };
}
