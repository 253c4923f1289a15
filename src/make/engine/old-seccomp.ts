import semver from 'semver';
import { builderApart } from './chosen-builder.ts';
import type { EngineFacts } from './engine.ts';

/**
 * What runs the steps, where its seccomp profile stops a system call that newer base images use: clone3, which glibc calls from 2.34 on. The
 * profile has known it since engine 20.10.10 (moby, commit 567c01f6d1) and BuildKit 0.9 (its vendored profiles/seccomp/default.json at
 * v0.9.3). Pure.
 *
 * @returns `engine 20.10.5`, or null where it is new enough, or nobody says how old it is
 */
export function stopsNewCalls(
  engine: Pick<EngineFacts, 'serverVersion' | 'builder' | 'context' | 'buildkitVersion'>,
): string | null {
  const builder = builderApart(engine);
  if (builder !== null) {
    const buildkit = semver.coerce(engine.buildkitVersion ?? '');
    return buildkit !== null && semver.lt(buildkit, '0.9.0')
      ? `builder ${builder.name} with BuildKit ${engine.buildkitVersion ?? ''}`
      : null;
  }
  const version = semver.coerce(engine.serverVersion ?? '', { loose: true });
  return version !== null && semver.lt(version, '20.10.10') ? `engine ${engine.serverVersion ?? ''}` : null;
}

/** Codenames of images whose glibc is 2.34 or newer: Debian from bookworm on, Ubuntu from 22.04 on (packages.debian.org, packages.ubuntu.com). */
const NEW_GLIBC =
  /(?:^|[:-])(?:bookworm|trixie|forky|duke|sid|testing|unstable|jammy|kinetic|lunar|mantic|noble|oracular|plucky|questing|2[2-9]\.\d\d)(?:-|@|$)/u;

/** Whether an image, as its reference says, has a C library that calls clone3. Pure. */
export function callsClone3(reference: string): boolean {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return name.includes(':') && NEW_GLIBC.test(name.slice(name.indexOf(':')));
}
