import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RECORD_NAME } from '../../store/entry-files.ts';
import { copyTree } from '../../system/files/copy-tree.ts';
import { toFileError } from '../../system/file-error.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { pathInside } from '../../system/files/safe-path.ts';
import type { Fetched } from '../stage/stages.ts';

/**
 * Puts the fetched repositories into the tree that is built, where its RUN steps see them. They are no part of the patched
 * tree: its id is taken before, and the manifest lists them by themselves.
 */
export async function placeSources({
  source: { dir },
  readySources,
}: Pick<Fetched, 'source' | 'readySources'>): Promise<void> {
  for (const { source, entry } of readySources) {
    const to = await pathInside(dir, source.path);
    try {
      await removeTree(to);
      await mkdir(dirname(to), { recursive: true });
      await copyTree(entry.dir, to, new Set([RECORD_NAME]));
      await openForReading(to);
    } catch (cause) {
      throw toFileError(cause, to);
    }
  }
}

/** Takes them away again, for the tree to be patched anew. */
export async function removePlaced({
  source: { dir },
  readySources,
}: Pick<Fetched, 'source' | 'readySources'>): Promise<void> {
  for (const { source } of readySources) await removeTree(await pathInside(dir, source.path));
}

/** BuildKit's cache goes by modes too, and they must not depend on this user's umask. */
async function openForReading(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else await chmod(path, 0o644);
  }
}
