/** What an InRelease file says (https://wiki.debian.org/DebianRepository/Format, "Release" files). */
export interface InRelease {
  /** Whether the armour of a clear-signed text is there, whole. The signature itself is checked by apt, which has the keys. */
  readonly signed: boolean;
  readonly suite: string;
  readonly codename: string;
  /** Milliseconds since 1970; null where it is not said or no date. */
  readonly date: number | null;
  readonly validUntil: number | null;
  /** Size in bytes by path below the suite's directory, from the SHA256 section. */
  readonly files: ReadonlyMap<string, number>;
}

/** Reads an InRelease file. Whatever is not there is empty: the caller judges. Pure. */
export function parseInRelease(text: string): InRelease {
  const field = (name: string): string => new RegExp(`^${name}: *(.*?)\\s*$`, 'mu').exec(text)?.[1] ?? '';
  const date = (name: string): number | null => {
    const milliseconds = Date.parse(field(name));
    return Number.isNaN(milliseconds) ? null : milliseconds;
  };
  const files = new Map<string, number>();
  const section = /^SHA256:\r?\n((?: .*\r?\n?)*)/mu.exec(text)?.[1] ?? '';
  for (const [, size, path] of section.matchAll(/^ [0-9a-f]{64} +(\d+) (\S+)/gmu)) {
    if (size !== undefined && path !== undefined) files.set(path, Number(size));
  }
  return {
    signed:
      /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n/u.test(text) &&
      /\n-----BEGIN PGP SIGNATURE-----\r?\n[^]*\n-----END PGP SIGNATURE-----\s*$/u.test(text),
    suite: field('Suite'),
    codename: field('Codename'),
    date: date('Date'),
    validUntil: date('Valid-Until'),
    files,
  };
}

/**
 * Whether a release file is that of a suite. Security suites have had several codenames: `buster`, `buster/updates`,
 * `bullseye-security`.
 */
export function isOfSuite({ suite, codename }: InRelease, wanted: string): boolean {
  if (suite === wanted || codename === wanted) return true;
  const release = wanted.split(/[-/]/u)[0] ?? wanted;
  const security = /(?:\/updates|-security)$/u.test(wanted);
  return security && [release, `${release}/updates`, `${release}-security`].includes(codename);
}

/** The index of packages of component main for an architecture, as apt would choose it, with its size; null: not listed. */
export function packagesIndex(
  { files }: InRelease,
  arch: string,
): { readonly path: string; readonly bytes: number } | null {
  for (const ending of ['xz', 'gz']) {
    const path = `main/binary-${arch}/Packages.${ending}`;
    // Up to Debian 10 the components of security suites are listed as `updates/main`.
    const bytes = files.get(path) ?? files.get(`updates/${path}`);
    if (bytes !== undefined) return { path, bytes };
  }
  return null;
}
