import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface DiskFree {
  /** The nearest existing directory, which was looked at. */
  readonly path: string;
  /** Bytes that an ordinary user may still write. */
  readonly freeBytes: number;
  /** Files that may still be made; null where the file system has no such limit (btrfs says 0 of 0). */
  readonly freeFiles: number | null;
  /** Tells file systems apart (st_dev). */
  readonly device: number;
}

/** What is free where `path` is or would be. Throws the system's error when nothing of the path can be read. */
export async function diskFree(path: string): Promise<DiskFree> {
  let nearest = resolve(path);
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const [space, facts] = await Promise.all([statfs(nearest), stat(nearest)]);
  return {
    path: nearest,
    freeBytes: space.bavail * space.bsize,
    freeFiles: space.files === 0 ? null : space.ffree,
    device: facts.dev,
  };
}
