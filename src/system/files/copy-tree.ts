import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toFileError } from '../file-error.ts';
import { throwIfStopping } from '../process/supervisor.ts';

/**
 * Copies a directory: bytes, permission bits, symlinks as they stand; by reflink where the file system can. Sockets, pipes
 * and devices are left out. `to` must not exist. `leaveOut`: names at the top that are not copied.
 * (fs.cp would fail at the first socket and cannot be told to stop.) Throws as `toFileError` says, or `interrupted`.
 */
export async function copyTree(from: string, to: string, leaveOut: ReadonlySet<string> = new Set()): Promise<void> {
  try {
    await copyDirectory(from, to, leaveOut);
  } catch (cause) {
    throw toFileError(cause, to);
  }
}

/** Synchronous inside a directory, as in tree-id.ts: many small files. */
async function copyDirectory(from: string, to: string, leaveOut: ReadonlySet<string>): Promise<void> {
  await nextTurn();
  throwIfStopping();
  const { mode } = lstatSync(from);
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (leaveOut.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isDirectory()) await copyDirectory(source, target, new Set());
    else if (entry.isFile()) copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
  // Last, for a directory that its owner may not write in must first be filled.
  chmodSync(to, mode & 0o7777);
}
