import semver from 'semver';
import { MobyBuildError } from '../../errors.ts';
import { run, type RunResult } from '../../system/process/run.ts';

/** How a client builds with BuildKit: by itself, through its buildx plugin, or not at all. */
export type BuildKitSupport = 'builtin' | 'buildx' | 'none';

export interface DockerClient {
  readonly path: string;
  /** `20.10.24+dfsg1`, or null where it did not say. */
  readonly version: string | null;
  readonly podman: boolean;
  readonly buildkit: BuildKitSupport;
  readonly buildxVersion: string | null;
}

/** A client only prints here, and reaches no engine; a slow disk or a wrapper script may take a while. */
const CLIENT_DEADLINE_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Asks one client what it is. A file that does not run or does not answer has no version; that is told, not thrown. */
export async function askDockerClient(path: string, environment: Environment): Promise<DockerClient> {
  const said = await ask(path, ['--version'], environment);
  const version = readClientVersion(said?.stdout ?? '');
  const podman = /podman/i.test(`${said?.stdout ?? ''}${said?.stderr ?? ''}`);
  if (podman || version === null) return { path, version, podman, buildkit: 'none', buildxVersion: null };
  const buildx = await ask(path, ['buildx', 'version'], environment);
  const buildxVersion = buildx?.exitCode === 0 ? readBuildxVersion(buildx.stdout) : null;
  return { path, version, podman, buildkit: buildKitOf(version, buildxVersion !== null), buildxVersion };
}

/** The environment without its holes. */
export function definedOnly(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

async function ask(file: string, args: readonly string[], environment: Environment): Promise<RunResult | null> {
  try {
    return await run(
      { file, args, env: definedOnly(environment) },
      { allowFailure: true, cleanEnv: true, timeoutMs: CLIENT_DEADLINE_MS },
    );
  } catch (cause) {
    // A file that is executable by its mode and yet does not start: another architecture's, or an empty one.
    if (cause instanceof MobyBuildError && cause.code === 'no-such-program') return null;
    throw cause;
  }
}

/** `Docker version 20.10.24+dfsg1, build 297e128` → `20.10.24+dfsg1`; `podman version 4.3.1` → `4.3.1`. */
export function readClientVersion(stdout: string): string | null {
  return /version v?(\d[^\s,]*)/i.exec(stdout)?.[1] ?? null;
}

/** `github.com/docker/buildx v0.13.1 788433953af1` or `github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3` → `0.13.1…`. */
export function readBuildxVersion(stdout: string): string | null {
  return /buildx v?(\d\S*)/.exec(stdout)?.[1] ?? null;
}

/**
 * `docker build` has BuildKit inside from 18.09 and takes `--output` from 19.03; from 23.0 it hands over to the buildx plugin,
 * and without it fails under DOCKER_BUILDKIT=1 (docker/cli, cmd/docker/builder.go at v23.0.0).
 */
export function buildKitOf(clientVersion: string, hasBuildx: boolean): BuildKitSupport {
  const version = semver.coerce(clientVersion, { loose: true });
  if (version === null) return hasBuildx ? 'buildx' : 'none';
  if (version.major >= 23) return hasBuildx ? 'buildx' : 'none';
  return semver.gte(version, '19.3.0') ? 'builtin' : 'none';
}
