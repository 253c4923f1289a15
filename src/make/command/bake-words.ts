import { bakeOptions } from './bake-options.ts';
import { buildxBuildWords } from './buildx-build-words.ts';
import { refuseMakeArgs } from './refuse-make-args.ts';
import { checkDockerBuildOpts } from '../flags/docker-build-opts.ts';
import { cacheSpecs, hasCaches } from '../flags/cache-flags.ts';
import { checkMakeArgs } from './make-args.ts';
import type { BuildWords, MakeInput, Stamp } from '../flags/make-input.ts';
import { hostileValue, requirePlainText } from '../flags/plain-text.ts';
import { recipeQuote, requireShortRecipe } from '../flags/recipe-quote.ts';
import { secretSpec } from '../flags/secret-flags.ts';
import { STAMPED_ARGS } from '../flags/stamp.ts';

/**
 * `make binary` from 23.0 on, which runs `docker buildx bake`; `all`, which the Makefile has not, is given to bake itself. Pure.
 *
 * - DOCKER_BUILD_ARGS and DOCKER_BUILD_OPTS are not heard any more: what they held goes by bake's `--set`, whose values are taken
 *   as they are (docker/buildx, bake/bake.go, newOverrides: split at the first `=`, nothing expanded), on BAKE_CMD.
 * - Another platform is bake's: the Dockerfile cross-compiles, and nothing is emulated.
 * - `--network` and `--add-host`, and options that bake has not, go by `docker buildx build` of the same stage: bake hears a network
 *   mode from buildx 0.17 on and then asks for `--allow network.host`, and extra hosts from 0.25 on (docker/buildx, bake/compose.go).
 *
 * @throws MobyBuildError exit 2: `hostile-value`, `bad-make-arg`, `bad-docker-build-opt`, `bad-add-host`
 */
export function bakeWords(input: MakeInput, stamp: Stamp): BuildWords {
  refuseStatic(input);
  const opts = checkDockerBuildOpts(input.dockerBuildOpts ?? []);
  const options = bakeOptions(opts);
  if (options === null) return withoutMake(input, stamp, `bake has no option for ${opts.join(' ')}`);
  if ((input.addHosts ?? []).length > 0)
    return withoutMake(input, stamp, 'bake takes no --add-host before buildx 0.25');
  if (input.network !== undefined) return withoutMake(input, stamp, 'bake takes no --network before buildx 0.17');

  const { target } = input;
  const secret = secretSpec(input);
  const caches = cacheSpecs(input);
  const sets = [
    ...(input.arch === input.nativeArch ? [] : [`platform=linux/${requirePlainText(input.arch, '--arch')}`]),
    ...Object.entries(input.buildArgs)
      .filter(([name]) => !STAMPED_ARGS.has(name))
      .map(([name, value]) => `args.${name}=${value}`),
    // By name alone bake too takes the value from its environment.
    ...(input.inheritedArgs ?? []).map((name) => `args.${name}`),
    ...(secret === null ? [] : [`secrets=${secret}`]),
    ...caches.from.map((spec) => `cache-from=${spec}`),
    ...caches.to.map((spec) => `cache-to=${spec}`),
  ].flatMap((set) => ['--set', `${target.name}.${set}`]);
  const more = [...options, ...sets];
  const docker = input.docker === undefined ? 'docker' : requirePlainText(input.docker, '--docker');
  const bake = [docker, 'buildx', 'bake', ...more];
  const env: Record<string, string> = { BUILDKIT_PROGRESS: 'plain' };
  // From buildx 0.18 on bake asks before it reads a file outside the tree; the flag that allows it is unknown before (bake/entitlements.go).
  if (secret !== null || hasCaches(input)) env['BUILDX_BAKE_ENTITLEMENTS_FS'] = '0';
  // The plan decides who serves apt; the Dockerfile then takes what its stage has.
  if (input.bakesAptMirror && input.buildArgs['APT_MIRROR'] === undefined) env['APT_MIRROR'] = '';
  if (!target.inMakefile) {
    refuseMakeArgs(input, `the Makefile has no target ${target.name}`);
    env['VERSION'] = stamp.version;
    env['DOCKER_GITCOMMIT'] = stamp.gitCommit;
    return { words: [...bake, target.name], env, notes: [] };
  }
  const command = bake.map(recipeQuote).join(' ');
  requireShortRecipe(command);
  const words = [
    'make',
    target.name,
    `VERSION=${stamp.version}`,
    `DOCKER_GITCOMMIT=${stamp.gitCommit}`,
    ...(more.length === 0 && input.docker === undefined ? [] : [`BAKE_CMD=${command}`]),
    ...checkMakeArgs(input.makeArgs ?? [], 'bake'),
  ];
  return { words, env, notes: [] };
}

function withoutMake(input: MakeInput, stamp: Stamp, why: string): BuildWords {
  refuseMakeArgs(input, why);
  return {
    ...buildxBuildWords(input, stamp),
    notes: [
      {
        level: 'info',
        code: 'without-bake',
        message: `docker buildx build makes stage ${input.target.stage} as bake would: ${why}.`,
      },
    ],
  };
}

/** The target decides it, and where the binaries go: bundles/binary or bundles/dynbinary. */
function refuseStatic({ buildArgs, target }: MakeInput): void {
  const given = buildArgs['DOCKER_STATIC'];
  if (given === undefined || given === target.buildArgs['DOCKER_STATIC']) return;
  throw hostileValue(
    '--build-arg DOCKER_STATIC',
    `--build-arg DOCKER_STATIC=${given} says the opposite of --target ${target.name}.`,
    given === '0' ? 'Use --target dynbinary.' : 'Use --target binary.',
  );
}
