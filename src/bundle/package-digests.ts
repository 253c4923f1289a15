import type { Contents } from './format/contents.ts';

/** The name, version and architecture of a Debian package. */
interface Installed {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

/**
 * The digests of the Debian packages of a bundle. A file of an archive has no epoch in its name (Debian Policy 5.6.12), so none is compared. null:
 * the bundle has no such package, or two with different bytes. Pure.
 */
export function packageDigests(bundles: readonly Pick<Contents, 'objects'>[]): (installed: Installed) => string | null {
  const found = new Map<string, string | null>();
  for (const { kind, name, digest } of bundles.flatMap(({ objects }) => objects)) {
    if (kind !== 'apt' || !digest.startsWith('sha256:')) continue;
    const sum = digest.slice('sha256:'.length);
    const key = withoutEpoch(name);
    found.set(key, found.get(key) === undefined || found.get(key) === sum ? sum : null);
  }
  return ({ name, version, arch }) => found.get(withoutEpoch(`${name}_${version}_${arch}`)) ?? null;
}

function withoutEpoch(file: string): string {
  return file.replace(/_\d+:/u, '_');
}
