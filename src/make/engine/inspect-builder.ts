import { run } from '../../system/process/run.ts';
import { readBuilder, type Builder } from './builder.ts';
import { definedOnly } from './docker-client.ts';

export interface BuilderQuestion {
  /** The docker client, as it is called. */
  readonly client: string;
  readonly dockerContext?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a builder that is not running is started; its image may have to be pulled. */
  readonly boot?: boolean | undefined;
}

const ANSWER_MS = 20_000;
/** A builder's image is some 100 MB. */
const BOOT_MS = 300_000;

/**
 * What `docker buildx inspect NAME` says of a builder, or why it says nothing. A builder that a build would start is started first where
 * `boot` says so. Throws as `run` where the client is no program.
 */
export async function inspectBuilder(
  name: string,
  question: BuilderQuestion,
): Promise<{ readonly builder: Builder } | { readonly refused: string }> {
  const found = await inspect(name, [], ANSWER_MS, question);
  if ('refused' in found || question.boot !== true) return found;
  const sleeping = found.builder.nodes.every(({ status }) => status === 'inactive' || status === 'stopped');
  return sleeping ? inspect(name, ['--bootstrap'], BOOT_MS, question) : found;
}

async function inspect(
  name: string,
  more: readonly string[],
  timeoutMs: number,
  { client, dockerContext, environment }: BuilderQuestion,
): Promise<{ readonly builder: Builder } | { readonly refused: string }> {
  const context = dockerContext === undefined ? [] : ['--context', dockerContext];
  const args = [...context, 'buildx', 'inspect', ...more, name];
  const spec = { file: client, args, env: definedOnly(environment) };
  const said = await run(spec, { allowFailure: true, cleanEnv: true, timeoutMs });
  const builder = said.exitCode === 0 ? readBuilder(said.stdout) : null;
  if (builder !== null) return { builder };
  const line = said.stderr.trim().split('\n').at(-1) ?? '';
  return {
    refused: said.timedOut ? `no answer within ${String(timeoutMs / 1000)} s` : line === '' ? 'it says nothing' : line,
  };
}

/** Drivers whose builders start with the first build (docker/buildx, driver/docker-container and driver/kubernetes, Bootstrap). */
const STARTS: readonly string[] = ['docker-container', 'kubernetes'];

/** Why no build can run on a builder now; null: a node of it runs, or starts with a build, or nobody says that none does. Pure. */
export function whyNotThere({ driver, nodes }: Pick<Builder, 'driver' | 'nodes'>): string | null {
  const can = (status: string | null): boolean => status === null || status === 'running' || STARTS.includes(driver);
  const able = nodes.filter(({ status, error }) => error === null && can(status));
  if (able.length > 0) return null;
  const told = nodes.map(({ name, endpoint, status, error }) => {
    if (error !== null || driver !== 'remote' || status !== 'inactive')
      return `${name}: ${error ?? status ?? 'unknown'}`;
    // buildx says no more where nothing listens, and where the certificates do not fit.
    return `${name}: no BuildKit answers at ${endpoint ?? 'its address'}, or its certificates do not fit`;
  });
  return told.length === 0 ? 'it has no node' : told.join('; ');
}
