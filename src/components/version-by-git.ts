import type { SourceName } from '../types.ts';

export interface VersionByGit {
  /** `owner/name` on GitHub, as moby names it; libnetwork moved with 20.10.22. */
  readonly repositories: readonly string[];
  /** Whether the build asks `git describe`, and so needs the tag of the commit. */
  readonly described: boolean;
  /**
   * Digits to which git shortens a commit id in a whole clone, which is what trees up to 22.06 make; null where the build never asks for a short one, or gets git's least, 7,
   * in any clone. git goes by the number of objects (find_unique_abbrev of its object-name.c: 8 digits from 2^14 objects on, 9 from 2^16).
   */
  readonly digits: number | null;
}

/**
 * What the components' own builds ask git for their `--version`, read in their repositories at the commits that 20.10 pins; the
 * objects of `git clone` counted in 2026-08.
 */
export const VERSION_BY_GIT: Readonly<Record<SourceName, VersionByGit>> = {
  // Makefile: git describe --match 'v[0-9]*' --dirty='.m' --always, and rev-parse HEAD; 143 000 objects.
  containerd: { repositories: ['containerd/containerd'], described: true, digits: 9 },
  // Makefile: git describe --dirty --long --always (rev-parse HEAD up to 1.0.0-rc93), so always with a short id; 54 000 objects.
  runc: { repositories: ['opencontainers/runc'], described: true, digits: 8 },
  // CMakeLists.txt: git log -n 1 --pretty=format:%h, and status; 1100 objects.
  tini: { repositories: ['krallin/tini'], described: false, digits: null },
  rootlesskit: { repositories: ['rootless-containers/rootlesskit'], described: false, digits: null },
  libnetwork: { repositories: ['docker/libnetwork', 'moby/libnetwork'], described: false, digits: null },
  // Built into no binary of moby's: it writes the icons of the Windows ones.
  'go-winres': { repositories: ['tc-hib/go-winres'], described: false, digits: null },
  // Scripts for cross-compiling; an image of them is what trees name.
  xx: { repositories: ['tonistiigi/xx'], described: false, digits: null },
};
