import type { Arch } from '../../cpus.ts';
import type { PackageVersion } from './package-version.ts';

/** All that a package says of itself. */
export interface Metadata {
  readonly version: PackageVersion;
  readonly arch: Arch;
  readonly depends: readonly string[];
  /** Packages that hold the same files: conflicted with, replaced, provided. */
  readonly others: readonly string[];
  /** What dockerd says of its commit. */
  readonly commit: string | null;
}

export const SUMMARY = 'Docker Engine (moby), compiled from source by moby-build';
export const HOMEPAGE = 'https://github.com/moby/moby';
export const LICENCE = 'Apache-2.0';
/** No person and no mailbox stands behind a build of a user. */
export const MAINTAINER = 'moby-build <root@localhost>';

/** What dockerd calls where it is there, and works without (cmd and pkg of moby: xz for layers, git for build contexts, pigz for layers). */
export const RECOMMENDS = {
  deb: ['ca-certificates', 'xz-utils', 'git', 'pigz'],
  rpm: ['ca-certificates', 'xz', 'git', 'pigz'],
} as const;

/** A few lines, each under 80 columns, for the package's description. Pure. */
export function descriptionLines({ commit }: Metadata): readonly string[] {
  return [
    `dockerd${commit === null ? '' : ` of commit ${commit.slice(0, 12)}`} with the programs that it calls, not stripped.`,
    'The static binaries get no security updates from a distribution: a newer',
    'build has to be made and installed by whoever installed this one.',
  ];
}
