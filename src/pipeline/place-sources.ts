import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RECORD_NAME } from '../store/entry-files.ts';
import { copyTree } from '../system/copy-tree.ts';
import { toFileError } from '../system/file-error.ts';
import { removeTree } from '../system/remove-tree.ts';
import { pathInside } from '../system/safe-path.ts';
import { recordTree } from './apply-plan.ts';
import { known, type RunState } from './state.ts';

/**
 * Puts the fetched repositories into the tree that is built, where its RUN steps see them. They are no part of the patched
 * tree: its id is taken first, and the manifest lists them by themselves.
 */
export async function placeSources(state: RunState): Promise<string> {
  const { dir } = known(state, 'source');
  await recordTree(state);
  for (const { source, entry } of state.readySources) {
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
  return state.readySources.map(({ source }) => source.wish.title).join(', ');
}

/** Takes them away again, for the tree to be patched anew. */
export async function removePlaced(state: RunState): Promise<void> {
  const { dir } = known(state, 'source');
  for (const { source } of state.readySources) await removeTree(await pathInside(dir, source.path));
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
