import { EXIT, MobyBuildError } from '../../errors.ts';
import { imageContexts } from '../../bundle/use/image-contexts.ts';
import { CANARY_STAGE, canaryDockerfile, readCanary, type CanaryInput } from '../../seal/canary.ts';
import { notPossible } from '../../seal/sealed-builder.ts';
import { run } from '../../system/process/run.ts';
import { definedOnly } from '../../make/engine/docker-client.ts';
import type { Io } from '../stage/io.ts';
import type { Applied } from '../stage/stages.ts';

/** A step that reaches nothing is done in seconds; the image of the base may have to be pulled before. */
const MOST_MS = 1_800_000;

/**
 * Builds a stage of the planned Dockerfile that tries to reach the network, with the builder and the network flag of the build itself. Its step
 * must fail.
 *
 * @param builder null: the engine builds
 * @returns what it saw, for the manifest
 * @throws MobyBuildError `seal-broken` (6) where it reached something; `seal-not-possible` (3) where it could not be tried
 */
export async function tryCanary(
  from: Applied,
  io: Io,
  how: {
    readonly builder: string | null;
    readonly env: Readonly<Record<string, string>>;
    readonly input: Omit<CanaryInput, 'dockerfile'>;
  },
): Promise<string> {
  const { plan, source, options, machine, bundled, logFile } = from;
  const text = plan.after.get('Dockerfile')?.text ?? source.files.get('Dockerfile')?.text ?? '';
  const dockerfile = canaryDockerfile({ ...how.input, dockerfile: text });
  const engine = machine.is === 'checked' ? machine.engine : null;
  const contexts = how.builder === null ? [] : imageContexts(bundled, logFile);
  const words = [
    ...(options.dockerContext === null ? [] : ['--context', options.dockerContext]),
    ...(how.builder === null ? [] : ['buildx']),
    ...['build', '--target', CANARY_STAGE, ...(options.network === null ? [] : ['--network', options.network])],
    ...(how.builder === null ? [] : ['--platform', `linux/${options.arch}`]),
    ...Object.entries({ ...plan.buildArgs, ...options.buildArgs }).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]),
    ...contexts.flatMap((context) => ['--build-context', context]),
    ...['--progress', 'plain', '--file', '-', '.'],
  ];
  const env = {
    ...definedOnly(io.env),
    ...how.env,
    DOCKER_BUILDKIT: '1',
    ...(how.builder === null ? {} : { BUILDX_BUILDER: how.builder }),
  };
  const spec = { file: engine?.clientPath ?? 'docker', args: words, env, cwd: source.dir };
  const { stdout, stderr, exitCode } = await run(spec, {
    input: dockerfile,
    allowFailure: true,
    cleanEnv: true,
    timeoutMs: MOST_MS,
  });
  const saw = readCanary(`${stdout}\n${stderr}`);
  if (saw.is === 'sealed' && exitCode !== 0) return 'nothing reached';
  if (saw.is !== 'open') {
    const line =
      stderr
        .trim()
        .split('\n')
        .findLast((each) => /ERROR|failed/iu.test(each)) ?? 'it says nothing';
    throw notPossible(`the step that must not reach the network could not be tried: ${line.trim()}`);
  }
  throw new MobyBuildError({
    code: 'seal-broken',
    exitCode: EXIT.build,
    message: `The steps of this builder have a way out: a step that must reach nothing saw ${saw.what}.`,
    where: how.builder ?? 'the engine',
    hint: 'Nothing was built. The builder does not do as it is told about networks; its configuration, or a plugin of it, gives steps another one.',
    command: 'docker buildx ls',
  });
}
