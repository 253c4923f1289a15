/** One version in the words of each kind of package. */
export interface PackageVersion {
  /** As docker names its static archives: `25.0.0-beta.1`. */
  readonly archive: string;
  /** For deb and rpm, which sort `~` before the release: `25.0.0~beta.1`. */
  readonly upstream: string;
}

/** Follows the upstream version of a deb (`20.10.12-0mobybuild1`) and is the Release of an rpm: 0 sorts before any distribution's own. */
export const REVISION = '0mobybuild1';

/**
 * The version of a package. A tag's digits are kept as they are (`22.06.0`), for semver would lose zeros. What is no version tag gets one
 * that sorts before every release. Source: deb-version(7), "Sorting algorithm". Pure.
 *
 * @param commit full id, or null where none is known
 */
export function packageVersion(ref: string, commit: string | null): PackageVersion {
  const tag = /^(?:refs\/tags\/)?(?:docker-)?v(\d+(?:\.\d+)+)(?:-([\w.+-]+))?$/u.exec(ref);
  const [, digits, pre] = tag ?? [];
  if (digits === undefined) {
    const id = commit === null ? 'unknown' : commit.slice(0, 12);
    return { archive: `0-git.${id}`, upstream: `0~git.${id}` };
  }
  if (pre === undefined) return { archive: digits, upstream: digits };
  return { archive: `${digits}-${pre}`, upstream: `${digits}~${pre.replace(/[^a-zA-Z0-9.+]/gu, '.')}` };
}
