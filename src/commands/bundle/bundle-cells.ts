import type { RunOptions } from '../../config/layers/parse.ts';
import type { Want } from '../../bundle/want/want.ts';
import { OPTIONS, type OptionName } from '../../config/options/options.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { decidedOptions } from '../../run/offline/decided-options.ts';
import { badWant } from './read-want-file.ts';
import { refsOf } from '../matrix/read-cells.ts';

/** A build that a bundle is made for: what a build says of it, and the options that decide what it takes. */
export type BundleCell = Pick<
  RunOptions,
  'ref' | 'arch' | 'target' | 'suite' | 'lean' | 'without' | 'components' | 'buildArgs' | 'builderArch'
>;

/**
 * The builds of `bundle create`: every combination of the refs, architectures and targets, which are named as for `matrix`; where none is named, the
 * one that `build` would make.
 *
 * @throws MobyBuildError `unknown-ref`, `usage` (2)
 */
export async function cellsOfBundle(options: RunOptions): Promise<readonly BundleCell[]> {
  const { ref, arch, target, arches, targets, refs: entries } = options;
  const { suite, lean, without, components, buildArgs, builderArch } = options;
  const decided = { suite, lean, without, components, buildArgs, builderArch };
  const refs = entries.length === 0 ? [ref] : (await refsOf(options, entries)).refs;
  const cells = refs.flatMap((each) =>
    orOne(arches, arch).flatMap((cpu) =>
      orOne(targets, target).map((of) => ({ ref: each, arch: cpu, target: of, ...decided })),
    ),
  );
  if (refs.length > 1 && options.source.kind === 'directory') throw oneTree(options.source.path);
  if (refs.length > 1 && options.commit !== null) throw oneCommit();
  return cells;
}

/** Options that a file of wishes says. */
const SAID_BY_WANT: readonly OptionName[] = [
  ...(['ref', 'refs', 'arch', 'arches', 'target', 'targets', 'withDeps'] as const),
  ...(['suite', 'lean', 'without', 'components', 'buildArgs', 'builderArch'] as const),
];

/**
 * The builds that a file of wishes names.
 *
 * @throws MobyBuildError `usage` (2) where the line says them, too; `bad-want` (2) for options that are none
 */
export function cellsOfWant(
  { builds }: Want,
  file: string,
  isGiven: (name: OptionName) => boolean,
): readonly BundleCell[] {
  const said = SAID_BY_WANT.find(isGiven);
  if (said !== undefined) throw saidTwice(said, file);
  return builds.map((build) => {
    // Where an image comes from, the machine that makes the bundle says.
    const { images: _, ...decided } = decidedOptions(build, (name, problem) =>
      badWant(file, [`builds: ${name} ${problem}`]),
    );
    return { ref: build.ref, ...decided };
  });
}

function saidTwice(name: OptionName, file: string): MobyBuildError {
  const flag = `--${OPTIONS[name].flag}`;
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `${flag} is given, and ${file} says what is built.`,
    where: flag,
    hint: 'Leave it out, or make the file on the other machine with this option.',
    command: NEXT.help('bundle'),
  });
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
