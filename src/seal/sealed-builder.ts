import { createHash } from 'node:crypto';
import { EXIT, MobyBuildError } from '../errors.ts';
import { definedOnly } from '../make/engine/docker-client.ts';
import type { CommandSpec } from '../system/command-spec.ts';
import { runAtLeave } from '../system/process/run-at-leave.ts';
import { run } from '../system/process/run.ts';

/** How the docker client is called. */
export interface Docker {
  readonly client: string;
  readonly context: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An image of some 100 MB may have to be pulled. */
const BOOT_MS = 600_000;

/** The name of builder and network of a work dir: what a killed run left is found under it. Pure. */
export function sealedName(workDir: string): string {
  return `mobybuild-seal-${createHash('sha256').update(workDir).digest('hex').slice(0, 12)}`;
}

/**
 * Makes a docker network that leads nowhere but to its own gateway, which is an address of the engine's machine.
 *
 * @returns that address
 * @throws MobyBuildError `seal-not-possible` (3)
 */
export async function makeInternalNetwork(name: string, docker: Docker): Promise<string> {
  await asked(docker, 'its network cannot be made', ['network', 'create', '--internal', '--driver', 'bridge', name]);
  const format = '{{.Internal}} {{range .IPAM.Config}}{{.Gateway}} {{end}}';
  const said = await asked(docker, 'its network does not tell', ['network', 'inspect', '--format', format, name]);
  const [internal, ...gateways] = said.trim().split(/\s+/u);
  const gateway = gateways.find((each) => /^\d+\.\d+\.\d+\.\d+$/u.test(each));
  if (internal !== 'true' || gateway === undefined)
    throw notPossible('the engine made a network that is not internal, or has no gateway');
  return gateway;
}

/**
 * Makes a builder in that network and starts it. Its BuildKit, and the steps, know the proxy by their environment alone; nothing else answers.
 *
 * @param image of BuildKit; null: the one that buildx takes
 * @throws MobyBuildError `seal-not-possible` (3)
 */
export async function makeSealedBuilder(
  name: string,
  proxy: string,
  image: string | null,
  docker: Docker,
): Promise<void> {
  const options = [
    `network=${name}`,
    ...['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((variable) => `env.${variable}=${proxy}`),
    ...(image === null ? [] : [`image=${image}`]),
  ];
  const words = [
    '--name',
    name,
    '--driver',
    'docker-container',
    ...options.flatMap((option) => ['--driver-opt', option]),
  ];
  await asked(docker, 'its builder cannot be made', ['buildx', 'create', ...words]);
  await asked(docker, 'its builder does not start', ['buildx', 'inspect', '--bootstrap', name], BOOT_MS);
}

const removals = (name: string): readonly (readonly string[])[] => [
  ['buildx', 'rm', '--force', name],
  ['network', 'rm', name],
];

/**
 * Removes builder and network, as far as they are there.
 *
 * @returns why the network is still there; null: it is gone
 */
export async function removeSealed(name: string, docker: Docker): Promise<string | null> {
  const quiet = { allowFailure: true, cleanEnv: true, timeoutMs: 60_000 } as const;
  for (const words of removals(name)) await run(spec(docker, words), quiet);
  const { exitCode, stdout, stderr } = await run(
    spec(docker, ['network', 'ls', '--quiet', '--filter', `name=^${name}$`]),
    quiet,
  );
  if (exitCode === 0) return stdout.trim() === '' ? null : `network ${name} is in use`;
  return stderr.trim().split('\n').at(-1) ?? 'docker does not answer';
}

/** The same while this process leaves, when nothing can be waited for. */
export function removeSealedAtLeave(name: string, docker: Docker): void {
  for (const words of removals(name)) runAtLeave(spec(docker, words));
}

async function asked(docker: Docker, what: string, words: readonly string[], timeoutMs = 60_000): Promise<string> {
  const { exitCode, stdout, stderr, timedOut } = await run(spec(docker, words), {
    allowFailure: true,
    cleanEnv: true,
    timeoutMs,
  });
  if (exitCode === 0) return stdout;
  const lines = stderr.trim().split('\n');
  const line = timedOut
    ? 'no answer in time'
    : (lines.find((each) => /^(?:ERROR|Error)/u.test(each)) ?? lines.at(-1) ?? '');
  throw notPossible(`${what}: ${line}`);
}

/** The error for a seal that this machine does not give. */
export function notPossible(why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'seal-not-possible',
    exitCode: EXIT.machine,
    message: `--seal is not possible here: ${why}.`,
    where: '--seal',
    hint: `--seal makes a builder of its own in a docker network without a way out, and needs the engine of this machine and an image of BuildKit (--seal-image REF, where the one of Docker Hub is out of reach). With --bundle it needs neither.`,
    command: 'docker info',
  });
}

function spec({ client, context, env }: Docker, words: readonly string[]): CommandSpec {
  return { file: client, args: context === null ? words : ['--context', context, ...words], env: definedOnly(env) };
}
