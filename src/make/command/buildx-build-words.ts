import { checkDockerBuildOpts } from '../flags/docker-build-opts.ts';
import { cacheFlags } from '../flags/cache-flags.ts';
import type { BuildWords, MakeInput, Stamp } from '../flags/make-input.ts';
import { requirePlainText } from '../flags/plain-text.ts';
import { runFlags } from '../flags/run-flags.ts';
import { secretFlags } from '../flags/secret-flags.ts';
import { STAMPED_ARGS } from '../flags/stamp.ts';

/**
 * `docker buildx build` of a target of docker-bake.hcl: the same stage, build arguments and output, spelled out. Every buildx takes
 * `--network` and `--add-host` here. Pure.
 *
 * What docker-bake.hcl gives beside the stamp is empty unless asked for (PRODUCT, DOCKER_BUILDTAGS, …), which is the same as not
 * given (docker-bake.hcl, target `_common`, v23.0.0 to docker-v29.7.2).
 *
 * @throws MobyBuildError exit 2: `hostile-value`, `bad-docker-build-opt`, `bad-add-host`
 */
export function buildxBuildWords(
  input: MakeInput,
  stamp: Stamp,
  outputDir: string = input.target.outputDir,
): BuildWords {
  const { target } = input;
  const args = {
    ...target.buildArgs,
    ...Object.fromEntries(Object.entries(input.buildArgs).filter(([name]) => !STAMPED_ARGS.has(name))),
    VERSION: stamp.version,
    DOCKER_GITCOMMIT: stamp.gitCommit,
  };
  const words = [
    ...[input.docker === undefined ? 'docker' : requirePlainText(input.docker, '--docker'), 'buildx', 'build'],
    ...['--target', target.stage, '--output', outputDir],
    ...(input.arch === input.nativeArch ? [] : ['--platform', `linux/${requirePlainText(input.arch, '--arch')}`]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(input.inheritedArgs ?? []).flatMap((name) => ['--build-arg', name]),
    ...runFlags(input),
    ...(input.contexts ?? []).flatMap((context) => ['--build-context', requirePlainText(context, '--work-dir')]),
    ...secretFlags(input),
    ...cacheFlags(input),
    ...checkDockerBuildOpts(input.dockerBuildOpts ?? []),
    '.',
  ];
  return { words, env: { BUILDKIT_PROGRESS: 'plain' }, notes: [] };
}
