import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFileError } from './file-error.ts';

/**
 * Writes a file so that a reader, or a run that was killed, finds the old bytes or the new ones and nothing between:
 * a temporary file beside it, fsync, rename(2), fsync of the directory. Makes the parent directory. `mode`: permission bits.
 * A symlink at `path` is replaced, not followed. Throws as `toFileError` says.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode: number = 0o644): Promise<void> {
  const temporary = nameBeside(path, 'new');
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(data);
      // The mode given to open() is cut by the umask.
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw toFileError(cause, path);
  }
}

/**
 * Puts the finished directory `from` in the place of `to`, both on one file system. An old `to` is moved aside first and
 * removed afterwards, with what a killed run had moved aside; when the second rename fails it is put back. Throws as
 * `toFileError` says.
 */
export async function replaceDirectory(from: string, to: string): Promise<void> {
  const aside = nameBeside(to, 'old');
  try {
    await mkdir(dirname(to), { recursive: true });
    const hadOne = existsSync(to);
    if (hadOne) await rename(to, aside);
    try {
      await rename(from, to);
    } catch (cause) {
      if (hadOne) await rename(aside, to);
      throw cause;
    }
    await syncDirectory(dirname(to));
    await removeAside(to);
  } catch (cause) {
    throw toFileError(cause, to);
  }
}

async function removeAside(path: string): Promise<void> {
  const prefix = `.${basename(path)}.old-`;
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix)) await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}

/**
 * A name in the same directory (so that rename(2) works) for something on its way to or from `path`; what stands there is
 * for nobody else.
 */
export function nameBeside(path: string, what: string): string {
  return join(dirname(path), `.${basename(path)}.${what}-${randomBytes(4).toString('hex')}`);
}

/** fsync(2) of a directory makes a rename in it last over a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
