import { PackageURL } from 'packageurl-js';

/** Package URLs (package-url/purl-spec). Pure. */
export function modulePurl(path: string, version: string): string {
  const cut = path.lastIndexOf('/');
  const namespace = cut < 0 ? null : path.slice(0, cut).toLowerCase();
  return new PackageURL('golang', namespace, path.slice(cut + 1).toLowerCase(), version, null, null).toString();
}

/** A package of Debian. @param arch and `suite`: null where they are not known. Pure. */
export function debianPurl(name: string, version: string, arch: string | null, suite: string | null = null): string {
  const qualifiers = { ...(arch === null ? {} : { arch }), ...(suite === null ? {} : { distro: suite }) };
  return new PackageURL('deb', 'debian', name, version, qualifiers, null).toString();
}

/** A repository at GitHub; null for one elsewhere. */
export function sourcePurl(uri: string, commit: string): string | null {
  const [, owner, name] = /^https:\/\/github\.com\/([^/]+)\/([^/]+?)(?:\.git)?$/u.exec(uri) ?? [];
  if (owner === undefined || name === undefined) return null;
  return new PackageURL('github', owner.toLowerCase(), name.toLowerCase(), commit, null, null).toString();
}
