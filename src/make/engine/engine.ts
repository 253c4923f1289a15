import { EXIT, MobyBuildError } from '../../errors.ts';
import { run, type RunResult } from '../../system/process/run.ts';
import { askDockerClient, definedOnly, type BuildKitSupport, type DockerClient } from './docker-client.ts';
import { readContext, readEngineAnswer, type EngineAnswer } from './engine-answers.ts';
import { readBuilder, type Builder } from './builder.ts';
import { builderApart } from './chosen-builder.ts';
import { buildKitOfEngine } from './frontend-versions.ts';
import { DEFAULT_HOST, endpointKind, type EndpointKind } from './endpoint.ts';
import { programsOnPath } from './programs-on-path.ts';
import { readRefusal, type Refusal } from './refusal.ts';

/** The docker client and the engine behind it, as found. Plain data; the checks judge it. */
export interface EngineFacts extends EngineAnswer {
  /** The client that make would call: `--docker`, else the first on PATH; null where there is none. */
  readonly clientPath: string | null;
  readonly clientVersion: string | null;
  readonly buildkit: BuildKitSupport;
  readonly buildxVersion: string | null;
  /** buildx's builder, where the client builds through it: with `docker-container`, the engine's registry mirrors do not count. */
  readonly builder: Builder | null;
  /** What buildx said where it could not tell of the builder that was named; null: it told, or none was named. */
  readonly builderRefused: string | null;
  /** Major and minor of the BuildKit that builds (`0.13`): what the builder says, else what the engine's version tells. */
  readonly buildkitVersion: string | null;
  /** The further clients on PATH, in its order. */
  readonly otherClients: readonly DockerClient[];
  /** `default` where DOCKER_HOST or nothing decides; null where the client did not say. */
  readonly context: string | null;
  /** The engine's address: `unix:///var/run/docker.sock`. */
  readonly host: string;
  readonly endpoint: EndpointKind;
  readonly refused?: Refusal | undefined;
}

export interface EngineOptions {
  /** `--docker PATH` */
  readonly docker?: string | undefined;
  /** `--docker-context NAME` */
  readonly dockerContext?: string | undefined;
  /** `--builder NAME`; without it BUILDX_BUILDER counts, then what `docker buildx use` chose. */
  readonly builder?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** An engine that does not answer within this is not one to build with; over ssh the login takes its part. */
const ENGINE_DEADLINE_MS = 20_000;

const NOTHING: EngineAnswer = readEngineAnswer('', '');

/**
 * Finds the engine as docker does: `--docker-context`, then DOCKER_HOST, DOCKER_CONTEXT, the current context of
 * DOCKER_CONFIG's or ~/.docker's config.json, then the default socket (docker/cli, cli/command/cli.go, resolveContextName). The client
 * itself decides, by the same environment that the build will have; we only ask.
 *
 * @throws MobyBuildError `no-such-client` (exit 2) when `--docker` names no program. What lacks otherwise is told in `refused`.
 */
export async function resolveEngine(options: EngineOptions): Promise<EngineFacts> {
  const path = options.environment['PATH'] ?? '';
  const onPath = programsOnPath('docker', path);
  const chosen = options.docker === undefined ? onPath[0] : programsOnPath(options.docker, path)[0];
  if (options.docker !== undefined && chosen === undefined) throw noSuchClient(options.docker);
  const otherClients = await Promise.all(
    onPath.filter((other) => other !== chosen).map((other) => askDockerClient(other, options.environment)),
  );
  if (chosen === undefined) {
    return {
      ...NOTHING,
      clientPath: null,
      clientVersion: null,
      buildkit: 'none',
      buildxVersion: null,
      builder: null,
      builderRefused: null,
      buildkitVersion: null,
      otherClients,
      context: null,
      host: options.environment['DOCKER_HOST'] ?? DEFAULT_HOST,
      endpoint: endpointKind(options.environment['DOCKER_HOST'] ?? DEFAULT_HOST),
      refused: { kind: 'no-client', message: 'docker is not on PATH' },
    };
  }

  const ask = (...args: string[]): Promise<RunResult> => askEngine(chosen, options, args);
  const client = await askDockerClient(chosen, options.environment);
  const [version, info, inspected, asked] = await Promise.all([
    ask('version', '--format', '{{json .}}'),
    ask('info', '--format', '{{json .}}'),
    ask('context', 'inspect', ...(options.dockerContext === undefined ? [] : [options.dockerContext])),
    client.buildxVersion === null
      ? null
      : ask('buildx', 'inspect', ...(options.builder === undefined ? [] : [options.builder])),
  ]);
  const builder = asked === null ? null : readBuilder(asked.stdout);
  const context = readContext(inspected.stdout);
  const host = context.host ?? options.environment['DOCKER_HOST'] ?? DEFAULT_HOST;
  const named = context.name ?? options.dockerContext ?? null;
  const answer = readEngineAnswer(version.stdout, info.stdout);
  return {
    ...answer,
    podman: answer.podman || client.podman,
    clientPath: chosen,
    clientVersion: client.version,
    buildkit: client.buildkit,
    buildxVersion: client.buildxVersion,
    builder,
    builderRefused: builder === null ? refusedBuilder(options, client, asked) : null,
    buildkitVersion:
      builder?.buildkitVersion ??
      (builderApart({ builder, context: named }) === null ? buildKitOfEngine(answer.serverVersion) : null),
    otherClients,
    context: named,
    host,
    endpoint: endpointKind(host),
    refused: refusalOf(version, answer),
  };
}

/** Why there is no builder, where somebody named one. Without the plugin nobody can be asked. */
function refusedBuilder(
  { builder, environment }: EngineOptions,
  client: DockerClient,
  asked: RunResult | null,
): string | null {
  const name = builder ?? (environment['BUILDX_BUILDER'] || null);
  if (name === null) return null;
  if (asked === null) return `builder ${name} is named, and ${client.path} has no buildx plugin`;
  const said = asked.stderr.trim().split('\n').at(-1) ?? '';
  return `builder ${name}: ${said === '' ? 'docker buildx inspect does not tell of it' : said}`;
}

async function askEngine(client: string, options: EngineOptions, args: readonly string[]): Promise<RunResult> {
  const words = options.dockerContext === undefined ? args : ['--context', options.dockerContext, ...args];
  const spec = { file: client, args: words, env: definedOnly(options.environment) };
  return run(spec, { allowFailure: true, cleanEnv: true, timeoutMs: ENGINE_DEADLINE_MS });
}

function refusalOf(version: RunResult, answer: EngineAnswer): Refusal | undefined {
  if (version.timedOut) return { kind: 'timeout', message: `no answer within ${String(ENGINE_DEADLINE_MS / 1000)} s` };
  if (answer.serverVersion !== null && version.exitCode === 0) return undefined;
  return readRefusal(version.stderr);
}

function noSuchClient(docker: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-such-client',
    exitCode: EXIT.usage,
    message: `--docker ${docker}: there is no such program.`,
    where: '--docker',
    hint: 'It takes the path of a docker client, or its name on PATH.',
    command: 'command -v docker',
  });
}
