import semver from 'semver';

/**
 * BuildKit in each engine, newest first: the first engine that has it (vendor.mod, vendor.conf for 20.10, of moby's tags).
 */
const BUILDKIT_OF_ENGINE: readonly (readonly [engine: string, buildkit: string])[] = [
  ['29.7', '0.32'],
  ['29.5', '0.30'],
  ['29.4', '0.29'],
  ['29.3', '0.28'],
  ['29.2', '0.27'],
  ['29.1', '0.26'],
  ['28.5', '0.25'],
  ['28.4', '0.24'],
  ['28.3', '0.23'],
  ['28.2', '0.22'],
  ['28.1', '0.21'],
  ['28.0', '0.20'],
  ['27.5', '0.18'],
  ['27.4', '0.17'],
  ['27.3', '0.16'],
  ['27.1', '0.15'],
  ['27.0', '0.14'],
  ['26.0', '0.13'],
  ['25.0', '0.12'],
  ['24.0', '0.11'],
  ['22.6', '0.10'],
  ['20.10', '0.8'],
  ['19.3', '0.6'],
];

/** `26.1.5+dfsg1` → `0.13`; null for an engine that does not say, or is older than the table. */
export function buildKitOfEngine(engine: string | null): string | null {
  const version = semver.coerce(engine ?? '', { loose: true });
  if (version === null) return null;
  return (
    BUILDKIT_OF_ENGINE.find(([least]) => !before(`${String(version.major)}.${String(version.minor)}`, least))?.[1] ??
    null
  );
}

/** `v0.13.1`, `v0.11.7-0.2023…` → `0.13`, `0.11`; null for what a build without version information says (`v0.0.0+unknown`). */
export function readBuildKitVersion(text: string): string | null {
  const [, major, minor] = /^v?(\d+)\.(\d+)/u.exec(text) ?? [];
  if (major === undefined || minor === undefined || (major === '0' && minor === '0')) return null;
  return `${major}.${minor}`;
}

/** The Dockerfile frontend inside a BuildKit: 0.8 has 1.2, and each minor release the next (moby/buildkit, release notes 0.8 to 0.24); null: who knows. */
export function frontendOfBuildKit(buildkit: string): string | null {
  const [major = 0, minor = 0] = buildkit.split('.').map(Number);
  return major === 0 ? `1.${String(Math.max(0, minor - 6))}` : null;
}

/** The least engine whose own frontend is at least this: `1.4` → `23.0` (22.06 was never released). */
export function engineWithFrontend(frontend: string): string | null {
  const able = BUILDKIT_OF_ENGINE.filter(([, buildkit]) => {
    const own = frontendOfBuildKit(buildkit);
    return own !== null && !before(own, frontend);
  }).at(-1)?.[0];
  return able === undefined ? null : able === '22.6' ? '23.0' : able;
}

/** Compares `major.minor`. */
export function before(a: string, b: string): boolean {
  const [major = 0, minor = 0] = a.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = b.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
