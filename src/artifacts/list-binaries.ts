import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '../system/file-error.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { MANIFEST_NAME } from './manifest-name.ts';
import { isOfSums } from './sha256sums.ts';

export interface ListedBinary {
  /** `dockerd`, not `dockerd-20.10.12`. */
  readonly name: string;
  /** `dockerd-20.10.12` */
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly mode: number;
}

export interface Listing {
  readonly binaries: readonly ListedBinary[];
  /** Links whose file is not there. */
  readonly dangling: readonly string[];
  /** What is neither a file nor a link. */
  readonly odd: readonly string[];
}

/**
 * The binaries of a directory that a build filled. A file that a link of a shorter name points at (`dockerd` →
 * `dockerd-20.10.12`) goes by the link's name. Checksum files, the manifest and hidden files are left out.
 *
 * @throws MobyBuildError `no-such-directory` (exit 2), or as `toFileError` says
 */
export async function listBinaries(dir: string): Promise<Listing> {
  const names = await readdir(dir).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new MobyBuildError({
        code: 'no-such-directory',
        exitCode: EXIT.usage,
        message: `${dir} is not a directory.`,
        where: dir,
        cause,
      });
    }
    throw toFileError(cause, dir);
  });
  const called = new Map<string, string>();
  const dangling: string[] = [];
  const odd: string[] = [];
  const files: Omit<ListedBinary, 'name'>[] = [];
  for (const file of names.sort()) {
    if (
      /\.(?:md5|sha256)$/.test(file) ||
      file === MANIFEST_NAME ||
      isOfSums(file) ||
      file.startsWith('.') ||
      /\.(?:json|lock|log|txt|md)$/.test(file)
    )
      continue;
    const path = join(dir, file);
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) {
      const to = await readlink(path);
      if (!names.includes(to)) dangling.push(file);
      else if (to.startsWith(`${file}-`)) called.set(to, file);
    } else if (facts.isFile()) files.push({ file, path, bytes: facts.size, mode: facts.mode & 0o7777 });
    else odd.push(file);
  }
  return { binaries: files.map((file) => ({ ...file, name: called.get(file.file) ?? file.file })), dangling, odd };
}
