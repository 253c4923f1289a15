import { judgeAmbient } from './ambient.ts';
import { bakeWords } from './bake-words.ts';
import { requireArgName } from './build-args.ts';
import { dockerBuildWords } from './docker-build-words.ts';
import { onBuilderWords } from './on-builder-words.ts';
import { hasCaches } from '../flags/cache-flags.ts';
import type { BuildCommand, BuildWords, MakeInput, Stamp } from '../flags/make-input.ts';
import { requirePlainText } from '../flags/plain-text.ts';
import { judgeProxies } from '../flags/proxies.ts';
import { stampOf } from '../flags/stamp.ts';

/**
 * Makes the command that builds: `make binary VERSION=… DOCKER_GITCOMMIT=…` with everything else in variables, or what make would
 * run where make cannot be told. Pure.
 *
 * - DOCKER_GITCOMMIT is `:=` in every Makefile, so only make's command line is heard (20.10.12, 24.0.9, 29).
 * - A variable of the caller's that would change the build is unset by `env -u`, not emptied: an empty `DOCKER` would be taken
 *   for the client, and an empty GO_VERSION for a version.
 *
 * @throws MobyBuildError exit 2 (`hostile-value`, `bad-make-arg`, `bad-docker-build-opt`, `bad-add-host`, `secret-in-argument`)
 */
export function makeCommand(input: MakeInput): BuildCommand {
  const stamped = stampOf(input);
  for (const [name, value] of Object.entries(input.buildArgs)) {
    requireArgName(name);
    requirePlainText(value, `--build-arg ${name}`);
  }
  const proxies = judgeProxies(input.environment, input.buildArgs, input.network, input.engineProxies ?? null);
  const asked = { ...input, buildArgs: proxies.buildArgs, inheritedArgs: proxies.inherited };
  const made = wordsOf(asked, stamped);
  const env: Record<string, string> = { ...made.env };
  if (input.builder !== undefined) env['BUILDX_BUILDER'] = requirePlainText(input.builder, '--builder');
  const verdict = judgeAmbient(input.environment, input.builtBy);
  const drop = verdict.drop.filter((name) => env[name] === undefined);
  if (input.dockerContext !== undefined) {
    env['DOCKER_CONTEXT'] = requirePlainText(input.dockerContext, '--docker-context');
    // DOCKER_HOST would win, even an empty one (docker/cli 20.10, cli/command/cli.go, resolveContextName).
    if (input.environment['DOCKER_HOST'] !== undefined) drop.push('DOCKER_HOST');
  }
  const words = drop.length === 0 ? made.words : ['env', ...drop.flatMap((name) => ['-u', name]), ...made.words];
  return {
    spec: { file: words[0] ?? 'make', args: words.slice(1), env, cwd: input.treeDir },
    notes: [...made.notes, ...verdict.notes, ...proxies.notes],
    stamped,
  };
}

/** A builder or cache that is named for `docker build` is reached through buildx: the client of 20.10 builds with its engine whatever is chosen. */
function wordsOf(input: MakeInput, stamp: Stamp): BuildWords {
  if (input.builtBy === 'bake') return bakeWords(input, stamp);
  const byPlugin = input.builder !== undefined || hasCaches(input);
  return byPlugin ? onBuilderWords(input, stamp) : dockerBuildWords(input, stamp);
}
