/** A file of a suite that its signed InRelease lists. */
export interface ListedFile {
  /** Below the suite's directory: `main/binary-arm64/Packages.xz`. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** The files that an InRelease lists with their SHA-256 (https://wiki.debian.org/DebianRepository/Format, "Release" files). Pure. */
export function listedFiles(release: string): readonly ListedFile[] {
  const section = /^SHA256:\r?\n((?: .*\r?\n?)*)/mu.exec(release)?.[1] ?? '';
  return [...section.matchAll(/^ ([0-9a-f]{64}) +(\d+) (\S+)/gmu)].map(([, sha256 = '', bytes = '', path = '']) => ({
    path,
    bytes: Number(bytes),
    sha256,
  }));
}

/**
 * Which file a request for one by its checksum means (`by-hash/SHA256/…`, same page, "Acquire-By-Hash"). Of several with the same bytes the one in
 * the folder that was asked for. Pure.
 *
 * @param asked below the suite's directory
 * @returns null where the InRelease lists no such file, or the request is of another form
 */
export function fileByHash(asked: string, files: readonly ListedFile[]): ListedFile | null {
  const [, folder = '', sha256] = /^(.+\/)by-hash\/SHA256\/([0-9a-f]{64})$/u.exec(asked) ?? [];
  if (sha256 === undefined) return null;
  return files.find((file) => file.sha256 === sha256 && file.path.startsWith(folder) && isIn(folder, file)) ?? null;
}

function isIn(folder: string, { path }: ListedFile): boolean {
  return !path.slice(folder.length).includes('/');
}

/** `dists/bookworm-updates/main/…` → the directory of the suite and what is below it; suites of Debian have one part or two (`buster/updates`). Pure. */
export function splitSuitePath(
  path: string,
  suites: readonly string[],
): { readonly suite: string; readonly below: string } | null {
  // The longest first: `buster/updates` is no file of `buster`.
  const suite = suites.toSorted((a, b) => b.length - a.length).find((each) => path.startsWith(`dists/${each}/`));
  return suite === undefined ? null : { suite, below: path.slice(`dists/${suite}/`.length) };
}
