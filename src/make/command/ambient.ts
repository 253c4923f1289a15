import type { Note } from '../../types.ts';

/**
 * Variables of the caller's environment that would change what `make binary` builds without a word, and which flag says
 * the same aloud. They are taken out of the build's environment. Everything else is inherited: PATH, HOME, the locale,
 * what the docker client needs to find its engine and its log-ins (DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_CERT_PATH,
 * DOCKER_TLS_VERIFY, DOCKER_API_VERSION, BUILDX_BUILDER, BUILDX_CONFIG, SSH_AUTH_SOCK), and the proxies (proxies.ts).
 *
 * Sources: Makefile and hack/make/.detect-daemon-osarch at v20.10.0 to v20.10.27; GNU make manual, 5.7.3 and 6.10 (MAKEFLAGS,
 * MAKEFILES); docker CLI reference, "Environment variables".
 */
const DROPPED: Readonly<Record<string, string>> = {
  MAKEFLAGS: '--make-arg',
  MFLAGS: '--make-arg',
  GNUMAKEFLAGS: '--make-arg',
  MAKEFILES: '--make-arg',
  MAKEOVERRIDES: '--make-arg',
  MAKELEVEL: '--make-arg',
  DOCKER: '--docker',
  DOCKER_BUILD_ARGS: '--build-arg',
  DOCKER_BUILD_OPTS: '--docker-build-opt',
  DOCKER_BUILD_APT_MIRROR: '--mirror apt=…',
  BUILD_APT_MIRROR: '--mirror apt=…',
  APT_MIRROR: '--mirror apt=…',
  DOCKER_SYSTEMD: '--build-arg SYSTEMD=true',
  DOCKER_DEFAULT_PLATFORM: '--arch',
  DOCKER_ENGINE_OSARCH: '--arch',
  USE_BUILDX: '--make-arg USE_BUILDX=1',
  BUILDX: '--make-arg BUILDX=…',
  BUILDX_BUILD_EXTRA_OPTS: '--docker-build-opt',
  GO_VERSION: '--build-arg GO_VERSION=…',
  VERSION: '--build-arg VERSION=…',
  DOCKER_GITCOMMIT: '--build-arg DOCKER_GITCOMMIT=…',
  PRODUCT: '--build-arg PRODUCT=…',
  PLATFORM: '--build-arg PLATFORM=…',
  DEFAULT_PRODUCT_LICENSE: '--build-arg DEFAULT_PRODUCT_LICENSE=…',
  PACKAGER_NAME: '--build-arg PACKAGER_NAME=…',
  BUILDKIT_PROGRESS: '--verbose',
  // What buildx hands to BuildKit by itself: dates of files, and policies that change or refuse sources (buildx 0.10, 0.31, 0.34).
  SOURCE_DATE_EPOCH: '--build-arg SOURCE_DATE_EPOCH=…',
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: '--mirror, which chooses the sources',
  BUILDX_DEFAULT_POLICY: '--docker-build-opt',
};

/** The same, where docker-bake.hcl or bake itself reads them (docker-bake.hcl at v23.0.0 to docker-v29.7.2; docker/buildx, commands/bake.go). */
const DROPPED_BY_BAKE: Readonly<Record<string, string>> = {
  DOCKER_STATIC: '--target',
  DOCKER_DEBUG: '--build-arg DOCKER_DEBUG=…',
  DOCKER_LDFLAGS: '--build-arg DOCKER_LDFLAGS=…',
  DOCKER_BUILDTAGS: '--build-arg DOCKER_BUILDTAGS=…',
  DESTDIR: '--out',
  BUILDX_BAKE_FILE: '--build-arg',
  BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP: '--build-arg',
  // From buildx 0.36 on; moby's file lies at the top of the tree, so it changes nothing but surprises.
  BUILDX_BAKE_FILE_RELATIVE_PATHS: '--source',
};

/** Dropped without a note: they say how things look, or stand there because moby-build itself was started by make or npm. */
const DROPPED_SILENTLY = new Set(['BUILDKIT_PROGRESS', 'MAKELEVEL', 'MFLAGS', 'MAKEOVERRIDES']);

export interface AmbientVerdict {
  /** Names that are set and are to be unset for the build, sorted. */
  readonly drop: readonly string[];
  readonly notes: readonly Note[];
}

/** Says what of the caller's environment does not reach the build. Pure. */
export function judgeAmbient(
  environment: Readonly<Record<string, string | undefined>>,
  builtBy: 'docker-build' | 'bake',
): AmbientVerdict {
  const dropped = builtBy === 'bake' ? { ...DROPPED, ...DROPPED_BY_BAKE } : DROPPED;
  const drop = Object.keys(dropped)
    .filter((name) => environment[name] !== undefined)
    .sort();
  const told = drop.filter((name) => !DROPPED_SILENTLY.has(name) && environment[name] !== '');
  const notes: Note[] = [];
  if (told.length > 0) {
    notes.push({
      level: 'warning',
      code: 'environment-dropped',
      message: `Set in this environment, and kept out of the build, which they would change: ${told.join(', ')}.`,
      hint: `If you want one of them, say so: ${told.map((name) => `${name} by ${dropped[name] ?? ''}`).join('; ')}.`,
    });
  }
  return { drop, notes };
}
