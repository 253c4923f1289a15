import { PackageURL } from 'packageurl-js';

/** Package URLs (package-url/purl-spec). Pure. */
export function modulePurl(path: string, version: string): string {
  const cut = path.lastIndexOf('/');
  const namespace = cut < 0 ? null : path.slice(0, cut).toLowerCase();
  return new PackageURL('golang', namespace, path.slice(cut + 1).toLowerCase(), version, null, null).toString();
}

/** A package of Debian. Pure. */
export function debianPurl(name: string, version: string, arch: string): string {
  return new PackageURL('deb', 'debian', name, version, { arch }, null).toString();
}

/** A repository at GitHub; null for one elsewhere. */
export function sourcePurl(uri: string, commit: string): string | null {
  const [, owner, name] = /^https:\/\/github\.com\/([^/]+)\/([^/]+?)(?:\.git)?$/u.exec(uri) ?? [];
  if (owner === undefined || name === undefined) return null;
  return new PackageURL('github', owner.toLowerCase(), name.toLowerCase(), commit, null, null).toString();
}
