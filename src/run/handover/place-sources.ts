import { dirname } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { RECORD_NAME } from '../../store/entry-files.ts';
import { copyTree } from '../../system/files/copy-tree.ts';
import { toFileError } from '../../system/file-error.ts';
import { openForReading } from '../../system/files/open-for-reading.ts';
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
      await makeFolders(dirname(to));
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
