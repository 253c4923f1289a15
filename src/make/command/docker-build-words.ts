import { checkDockerBuildOpts } from '../flags/docker-build-opts.ts';
import { checkMakeArgs } from './make-args.ts';
import type { BuildWords, MakeInput, Stamp } from '../flags/make-input.ts';
import { requirePlainText } from '../flags/plain-text.ts';
import { recipeQuote, requireShortRecipe } from '../flags/recipe-quote.ts';
import { runFlags } from '../flags/run-flags.ts';
import { secretFlags } from '../flags/secret-flags.ts';
import { STAMPED_ARGS } from '../flags/stamp.ts';

/**
 * `make binary` of 20.10 and 22.06, which run `docker build`. Pure.
 *
 * - DOCKER_BUILD_ARGS and DOCKER_BUILD_OPTS are expanded by make, then split by the recipe's shell: `recipeQuote`.
 * - The Makefile ends with `--build-arg GO_VERSION` and others by name only, and for docker the last one counts: these are
 *   given as variables of the environment, which make hands on as they are.
 *
 * @throws MobyBuildError exit 2: `hostile-value`, `bad-make-arg`, `bad-docker-build-opt`, `bad-add-host`
 */
export function dockerBuildWords(input: MakeInput, stamp: Stamp): BuildWords {
  const env: Record<string, string> = { DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' };
  const buildArgs: string[] = [];
  for (const [name, value] of Object.entries(input.buildArgs)) {
    if (STAMPED_ARGS.has(name)) continue;
    if (input.namedArgs.includes(name)) env[name] = value;
    else buildArgs.push('--build-arg', `${name}=${value}`);
  }
  for (const name of input.inheritedArgs ?? []) buildArgs.push('--build-arg', name);
  const options: string[] = [];
  if (input.arch !== input.nativeArch) options.push('--platform', `linux/${requirePlainText(input.arch, '--arch')}`);
  options.push(...runFlags(input), ...secretFlags(input), ...checkDockerBuildOpts(input.dockerBuildOpts ?? []));
  if (buildArgs.length > 0) env['DOCKER_BUILD_ARGS'] = buildArgs.map(recipeQuote).join(' ');
  if (options.length > 0) env['DOCKER_BUILD_OPTS'] = options.map(recipeQuote).join(' ');
  requireShortRecipe(env['DOCKER_BUILD_ARGS'], env['DOCKER_BUILD_OPTS']);
  const words = [
    'make',
    input.target.name,
    `VERSION=${stamp.version}`,
    `DOCKER_GITCOMMIT=${stamp.gitCommit}`,
    ...(input.docker === undefined ? [] : [`DOCKER=${recipeQuote(requirePlainText(input.docker, '--docker'))}`]),
    ...checkMakeArgs(input.makeArgs ?? [], 'docker-build'),
  ];
  return { words, env, notes: [] };
}
