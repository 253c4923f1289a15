import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BundleFile } from '../../bundle/make/write-bundle.ts';
import { toFileError } from '../../system/file-error.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';

/** More than this is no folder that somebody filled for a build: it is a mirror of everything. */
export const MOST_BYTES = 8 * 1024 ** 3;

/**
 * All files of a folder that are meant, as they shall lie in the tree.
 *
 * @param below where it lies in a bundle: `apt/debian`
 * @param isMeant by the path below the folder, whose parts are joined by `/`
 * @returns null where they are more than `MOST_BYTES`
 * @throws MobyBuildError as `toFileError`
 */
export async function wholeFolder(
  dir: string,
  below: string,
  isMeant: (path: string) => boolean,
): Promise<ReadonlyMap<string, BundleFile> | null> {
  const found: [path: string, bytes: number][] = [];
  let all = 0;
  for await (const path of filesBelow(dir, '', new Set())) {
    if (!isMeant(path)) continue;
    const { size } = await stat(join(dir, path)).catch((cause: unknown) => {
      throw toFileError(cause, join(dir, path));
    });
    all += size;
    if (all > MOST_BYTES) return null;
    found.push([path, size]);
  }
  const files = new Map<string, BundleFile>();
  for (const [path, bytes] of found) {
    throwIfStopping();
    const hash = createHash('sha256');
    const from = join(dir, path);
    await pipeline(createReadStream(from), hash).catch((cause: unknown) => {
      throw toFileError(cause, from);
    });
    files.set(`${below}/${path}`, { from, bytes, sha256: hash.digest('hex') });
  }
  return files;
}

/** Plain files, and links to such; a pipe would be waited for without end. A folder that was seen is not gone into again: links may lead in a circle. */
async function* filesBelow(dir: string, below: string, seen: Set<string>): AsyncGenerator<string, void, undefined> {
  let entries: Dirent[];
  try {
    const real = await realpath(join(dir, below));
    if (seen.has(real)) return;
    seen.add(real);
    entries = await readdir(real, { withFileTypes: true });
  } catch (cause) {
    throw toFileError(cause, join(dir, below));
  }
  for (const entry of entries) {
    throwIfStopping();
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const facts = entry.isSymbolicLink() ? await stat(join(dir, path)).catch(() => null) : entry;
    if (facts?.isDirectory() === true) yield* filesBelow(dir, path, seen);
    else if (facts?.isFile() === true) yield path;
  }
}
