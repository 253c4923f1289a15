import { rm } from 'node:fs/promises';
import { toFileError } from '../file-error.ts';

/** Removes a file or a directory with all in it; harmless when it is gone. Throws as `toFileError` says. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw toFileError(cause, path);
  }
}
