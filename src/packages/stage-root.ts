import { chmod, copyFile, constants, utimes, writeFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { toFileError } from '../system/file-error.ts';
import type { Entry } from './content/entry.ts';

/**
 * Lays entries out below `root` with their modes and one time, whatever the umask. Returns the bytes of all files. Throws as
 * `toFileError` says.
 */
export async function stageRoot(root: string, entries: readonly Entry[], seconds: number): Promise<number> {
  let bytes = 0;
  const folders = new Set<string>([root]);
  try {
    for (const { path, mode, from } of entries) {
      const to = join(root, path);
      await makeFolders(dirname(to));
      for (let dir = dirname(to); dir.length > root.length; dir = dirname(dir)) folders.add(dir);
      if ('text' in from) await writeFile(to, from.text);
      else await copyFile(from.file, to, constants.COPYFILE_FICLONE);
      await chmod(to, mode);
      await utimes(to, seconds, seconds);
      bytes += (await stat(to)).size;
    }
    for (const folder of folders) {
      await chmod(folder, 0o755);
      await utimes(folder, seconds, seconds);
    }
    return bytes;
  } catch (cause) {
    throw toFileError(cause, root);
  }
}
