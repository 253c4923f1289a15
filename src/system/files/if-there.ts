import { readFile } from 'node:fs/promises';
import { toFileError } from '../file-error.ts';

/** The bytes of a file; null where there is none. Throws as `toFileError` says. */
export async function bytesIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw toFileError(cause, path);
  }
}

/** The text of a file; null where there is none. Throws as `toFileError` says. */
export async function textIfThere(path: string): Promise<string | null> {
  return (await bytesIfThere(path))?.toString('utf8') ?? null;
}
