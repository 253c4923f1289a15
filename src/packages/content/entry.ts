/** One file of a package. */
export interface Entry {
  /** Without a leading slash: `usr/bin/dockerd`. */
  readonly path: string;
  readonly mode: number;
  readonly from: { readonly file: string } | { readonly text: string };
  /** A setting of the administrator, which an upgrade keeps. */
  readonly config?: true | undefined;
}

/** A binary of an out dir, by its name without version. */
export interface PackedBinary {
  readonly name: string;
  readonly path: string;
}

/** Formats of packages. */
export const PACKAGE_FORMATS = ['tgz', 'deb', 'rpm'] as const;
export type PackageFormat = (typeof PACKAGE_FORMATS)[number];
