import type { RunOptions } from '../../config/layers/parse.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { refsOf } from '../matrix/read-cells.ts';

/** A build that a bundle is made for. */
export type BundleCell = Pick<RunOptions, 'ref' | 'arch' | 'target'>;

/**
 * The builds of `bundle create`: every combination of the refs, architectures and targets, which are named as for `matrix`; where none is named, the
 * one that `build` would make.
 *
 * @throws MobyBuildError `unknown-ref`, `usage` (2)
 */
export async function cellsOfBundle(options: RunOptions): Promise<readonly BundleCell[]> {
  const { ref, arch, target, arches, targets, refs: entries } = options;
  const refs = entries.length === 0 ? [ref] : (await refsOf(options, entries)).refs;
  const cells = refs.flatMap((each) =>
    orOne(arches, arch).flatMap((cpu) => orOne(targets, target).map((of) => ({ ref: each, arch: cpu, target: of }))),
  );
  if (refs.length > 1 && options.source.kind === 'directory') throw oneTree(options.source.path);
  if (refs.length > 1 && options.commit !== null) throw oneCommit();
  return cells;
}

function orOne<Each>(list: readonly Each[], one: Each): readonly Each[] {
  return list.length === 0 ? [one] : [...new Set(list)];
}

function oneTree(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `--source ${path} is one tree, and a bundle for several refs needs a repository.`,
    where: '--source',
    hint: 'A clone is one, too, where it is named by its URL.',
    command: NEXT.source(`file://${path}`),
  });
}

function oneCommit(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: '--commit says which commit one ref is, and here are several.',
    where: '--commit',
    hint: 'Make a bundle for each ref that the built-in table does not have.',
    command: NEXT.anyCommit(),
  });
}
