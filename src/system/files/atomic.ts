import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../make-folders.ts';
import { toWriteError } from '../file-error.ts';
import { seeProcess } from '../process/process-tree.ts';

/**
 * Writes a file so that a reader, or a run that was killed, finds the old bytes or the new ones and nothing between:
 * a temporary file beside it, fsync, rename(2), fsync of the directory. Makes the parent directory. What a killed run left there is removed. `mode`: permission bits.
 * A symlink at `path` is replaced, not followed. Throws as `toWriteError` says.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode: number = 0o644): Promise<void> {
  const temporary = nameBeside(path, 'new');
  try {
    await makeFolders(dirname(path));
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
    await removeAbandoned(path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw toWriteError(cause, path);
  }
}

/**
 * Puts the finished directory `from` in the place of `to`, both on one file system. An old `to` is moved aside first and
 * removed afterwards, with what killed runs had made beside it; when the second rename fails it is put back. Throws as
 * `toWriteError` says.
 */
export async function replaceDirectory(from: string, to: string): Promise<void> {
  const aside = nameBeside(to, 'old');
  try {
    await makeFolders(dirname(to));
    const hadOne = existsSync(to);
    if (hadOne) await rename(to, aside);
    try {
      await rename(from, to);
    } catch (cause) {
      if (hadOne) await rename(aside, to);
      throw cause;
    }
    await syncDirectory(dirname(to));
    await rm(aside, { recursive: true, force: true });
    await removeAbandoned(to);
  } catch (cause) {
    throw toWriteError(cause, to);
  }
}

/** What `nameBeside` gives: `.NAME.what-PID-RANDOM`. Runs of 0.1.0 gave no process number. */
const BESIDE = /^\.(.+)\.(?:new|old|copy)-(?:(\d+)-)?[0-9a-f]{8}$/u;

/** Whether a file or folder is one that `nameBeside` named: something on its way, or left there by a run that was killed. */
export function isNamedBeside(name: string): boolean {
  return BESIDE.test(name);
}

/**
 * A name in the same directory (so that rename(2) works) for something on its way to or from `path`; what stands there is
 * for nobody else. It says which process made it, so that what a killed run left is told from what another run is at.
 */
export function nameBeside(path: string, what: 'new' | 'old' | 'copy'): string {
  const random = randomBytes(4).toString('hex');
  return join(dirname(path), `.${basename(path)}.${what}-${String(process.pid)}-${random}`);
}

/** Removes what killed runs left beside `path`, under names of `nameBeside`. */
export async function removeAbandoned(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const [, of, pid] = BESIDE.exec(name) ?? [];
    if (of !== basename(path) || (pid !== undefined && seeProcess(Number(pid)) !== null)) continue;
    await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}

/** fsync(2) of a directory makes a rename in it last over a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
