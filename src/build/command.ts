import { EXIT, MobyBuildError } from '../errors.ts';
import type { CommandSpec, Note } from '../types.ts';
import { judgeAmbient } from './ambient.ts';
import { requireArgName } from './build-args.ts';
import { checkDockerBuildOpts } from './docker-build-opts.ts';
import { checkMakeArgs } from './make-args.ts';
import { hostileValue, requirePlainText } from './plain-text.ts';
import { recipeQuote } from './recipe-quote.ts';

export interface MakeInput {
  /** `20.10` */
  readonly series: string;
  /** Target of make: `binary`, `dynbinary`. */
  readonly target: string;
  /** Stamped into dockerd and its file name: the ref without `v`. */
  readonly version: string;
  /** Stamped into dockerd: the short id up to 23.0. */
  readonly gitCommit: string;
  /** Where make runs; left out for a command that is only shown. */
  readonly treeDir?: string | undefined;
  /** What is built for, and what the engine runs on: where they differ, the build is emulated. GOARCH names. */
  readonly arch: string;
  readonly nativeArch: string;
  /** Build arguments, the plan's and the user's, the user's having won. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly network?: string | undefined;
  /** `NAME:ADDRESS` each. */
  readonly addHosts?: readonly string[] | undefined;
  readonly dockerBuildOpts?: readonly string[] | undefined;
  readonly makeArgs?: readonly string[] | undefined;
  /** The docker client, when it is not the first one on PATH. */
  readonly docker?: string | undefined;
  readonly dockerContext?: string | undefined;
  /** The caller's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface BuildCommand {
  readonly spec: CommandSpec;
  readonly notes: readonly Note[];
  /** What dockerd will say of itself. */
  readonly stamped: { readonly version: string; readonly gitCommit: string };
}

/** Which make targets a series has, and which build arguments its Makefile names again at the end of the command line. */
const SERIES: Readonly<Record<string, { readonly targets: readonly string[]; readonly named: readonly string[] }>> = {
  '20.10': {
    targets: ['binary', 'dynbinary'],
    named: ['GO_VERSION', 'PRODUCT', 'PLATFORM', 'DEFAULT_PRODUCT_LICENSE'],
  },
};

/** dockerd's file name holds it, and hack/make.sh uses it unquoted. */
const VERSION_TEXT = /^[0-9A-Za-z][0-9A-Za-z.+~_-]{0,127}$/;
const COMMIT_TEXT = /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/;
/**
 * The recipe reaches the shell as one argument, and Linux takes no longer one than 128 KiB (MAX_ARG_STRLEN, execve(2));
 * the rest is for what the Makefile itself puts there.
 */
const LONGEST_RECIPE_BYTES = 96 * 1024;

/**
 * Makes the command that builds: `make binary VERSION=… DOCKER_GITCOMMIT=…` with everything else in variables. Pure.
 *
 * - DOCKER_GITCOMMIT is `:=` in every Makefile, so only make's command line is heard (20.10.12, 24.0.9, 29).
 * - DOCKER_BUILD_ARGS and DOCKER_BUILD_OPTS are expanded by make, then split by the recipe's shell: `recipeQuote`.
 * - The Makefile ends with `--build-arg GO_VERSION` and others by name only, and for docker the last one counts: these are
 *   given as variables of the environment, which make hands on as they are.
 * - A variable of the caller's that would change the build is unset by `env -u`, not emptied: an empty `DOCKER` would be taken
 *   for the client, and an empty GO_VERSION for a version.
 *
 * @throws MobyBuildError exit 2 (`hostile-value`, `bad-make-arg`, `bad-docker-build-opt`, `bad-add-host`, `unknown-target`), exit 4
 * `unsupported-series`
 */
export function makeCommand(input: MakeInput): BuildCommand {
  const series = SERIES[input.series];
  if (series === undefined) throw unsupportedSeries(input.series);
  if (!series.targets.includes(input.target)) throw unknownTarget(input, series.targets);
  const stamped = {
    version: checked(input.buildArgs['VERSION'] ?? input.version, VERSION_TEXT, 'VERSION'),
    gitCommit: checked(input.buildArgs['DOCKER_GITCOMMIT'] ?? input.gitCommit, COMMIT_TEXT, 'DOCKER_GITCOMMIT'),
  };

  const env: Record<string, string> = { DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' };
  const buildArgs: string[] = [];
  for (const [name, value] of Object.entries(input.buildArgs)) {
    requireArgName(name);
    requirePlainText(value, `--build-arg ${name}`);
    if (name in { VERSION: 0, DOCKER_GITCOMMIT: 0 }) continue;
    if (series.named.includes(name)) env[name] = value;
    else buildArgs.push('--build-arg', `${name}=${value}`);
  }
  const options = buildOptions(input);
  if (buildArgs.length > 0) env['DOCKER_BUILD_ARGS'] = buildArgs.map(recipeQuote).join(' ');
  if (options.length > 0) env['DOCKER_BUILD_OPTS'] = options.map(recipeQuote).join(' ');
  requireShort(env);

  const verdict = judgeAmbient(input.environment, input.buildArgs);
  const drop = verdict.drop.filter((name) => env[name] === undefined);
  if (input.dockerContext !== undefined) {
    env['DOCKER_CONTEXT'] = requirePlainText(input.dockerContext, '--docker-context');
    // DOCKER_HOST would win, even an empty one (docker/cli 20.10, cli/command/cli.go, resolveContextName).
    if (input.environment['DOCKER_HOST'] !== undefined) drop.push('DOCKER_HOST');
  }
  const make = [
    'make',
    input.target,
    `VERSION=${stamped.version}`,
    `DOCKER_GITCOMMIT=${stamped.gitCommit}`,
    ...(input.docker === undefined ? [] : [`DOCKER=${recipeQuote(requirePlainText(input.docker, '--docker'))}`]),
    ...checkMakeArgs(input.makeArgs ?? []),
  ];
  const words = drop.length === 0 ? make : ['env', ...drop.flatMap((name) => ['-u', name]), ...make];
  return {
    spec: { file: words[0] ?? 'make', args: words.slice(1), env, cwd: input.treeDir },
    notes: verdict.notes,
    stamped,
  };
}

function buildOptions(input: MakeInput): string[] {
  const options: string[] = [];
  if (input.arch !== input.nativeArch) options.push('--platform', `linux/${requirePlainText(input.arch, '--arch')}`);
  if (input.network !== undefined) options.push('--network', requirePlainText(input.network, '--network'));
  for (const host of input.addHosts ?? []) {
    requirePlainText(host, '--add-host');
    if (!/^[^\s:=]+[:=]\S+$/.test(host)) {
      throw new MobyBuildError({
        code: 'bad-add-host',
        exitCode: EXIT.usage,
        message: `--add-host ${JSON.stringify(host)} is not NAME:ADDRESS.`,
        where: '--add-host',
      });
    }
    options.push('--add-host', host);
  }
  return [...options, ...checkDockerBuildOpts(input.dockerBuildOpts ?? [])];
}

function checked(value: string, pattern: RegExp, name: string): string {
  if (pattern.test(value)) return value;
  throw hostileValue(
    name,
    `${JSON.stringify(value)} cannot be stamped as ${name}.`,
    `It becomes part of a file name and of shell commands: ${pattern.source}`,
  );
}

function requireShort(env: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(`${env['DOCKER_BUILD_ARGS'] ?? ''} ${env['DOCKER_BUILD_OPTS'] ?? ''}`);
  if (bytes <= LONGEST_RECIPE_BYTES) return;
  throw hostileValue(
    '--build-arg',
    `The build arguments and options take ${String(bytes)} bytes on make's command line; ${String(LONGEST_RECIPE_BYTES)} are possible.`,
  );
}

function unsupportedSeries(series: string): MobyBuildError {
  return new MobyBuildError({
    code: 'unsupported-series',
    exitCode: EXIT.tree,
    message: `moby-build does not know how to build moby ${series}; it knows ${Object.keys(SERIES).join(', ')}.`,
    where: series,
  });
}

function unknownTarget(input: MakeInput, targets: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'unknown-target',
    exitCode: EXIT.usage,
    message: `moby ${input.series} has no target ${JSON.stringify(input.target)} that leaves binaries in bundles/; it has ${targets.join(', ')}.`,
    where: '--target',
  });
}
