import type { z } from 'zod';
import type { BundleBuild } from '../../bundle/use/needs.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import { OPTIONS } from '../../config/options/options.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../../system/command-line.ts';

/** What a bundle decides of a build. */
type Decided = Pick<
  RunOptions,
  'arch' | 'target' | 'suite' | 'lean' | 'without' | 'components' | 'buildArgs' | 'builderArch' | 'images'
>;

/**
 * The options that stand in a bundle, held to the rules of the options themselves: anybody can write a bundle, and what no line may say no bundle
 * may say either. Pure.
 *
 * @throws what `refuse` makes of an option that is none
 */
export function decidedOptions(
  { arch, target, options }: Pick<BundleBuild, 'arch' | 'target' | 'options'>,
  refuse: (name: string, problem: string) => MobyBuildError,
): Decided {
  const { suite, lean, without, components, buildArgs, builderArch, images } = options;
  const read = <T>(name: string, schema: z.ZodType<T>, value: unknown): T => {
    const { data, error } = schema.safeParse(value);
    if (error === undefined) return data;
    throw refuse(name, error.issues[0]?.message ?? '');
  };
  return {
    arch: read('arch', OPTIONS.arch.schema, arch),
    target: read('target', OPTIONS.target.schema, target),
    suite: suite === null ? null : read('suite', OPTIONS.suite.schema, suite),
    lean,
    without: read('without', OPTIONS.without.schema, without),
    components: read('components', OPTIONS.components.schema, components),
    buildArgs: read('buildArgs', OPTIONS.buildArgs.schema, buildArgs),
    images: images === undefined ? {} : read('images', OPTIONS.images.schema, images),
    builderArch: builderArch === undefined ? null : read('builderArch', OPTIONS.builderArch.schema, builderArch),
  };
}

/** An option in a bundle. */
export function badOption(file: string, name: string, problem: string): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-bundle',
    exitCode: EXIT.network,
    message: `An option in the bundle is none that a build takes: ${name} ${problem}.`,
    where: file,
    hint: 'Compare its checksum with that on the machine where it was made, and copy it again.',
    command: `sha256sum ${quoteWord(file)}`,
  });
}
