import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder with all that is missing above it. Node's `recursive` does so too, but where the kernel fills the file system, as in
 * /proc, that never comes to an end: what is missing cannot be made there, and is missing the next time, too.
 *
 * @returns the uppermost folder that was made; undefined: all were there
 * @throws the error of the system
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  const isThere = async (): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;
  const failure = await mkdir(path).catch(asError);
  if (failure === undefined) return path;
  if (failure.code === 'ENOENT' && dirname(path) !== path) {
    const first = await makeFolders(dirname(path));
    const again = await mkdir(path).catch(asError);
    // Another process may have made it meanwhile.
    if (again !== undefined && !(await isThere())) throw again;
    return first ?? path;
  }
  if (await isThere()) return undefined;
  throw failure;
}

/** As `makeFolders`, at once. */
export function makeFoldersSync(path: string): string | undefined {
  const isThere = (): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const failure = made(path);
  if (failure === undefined) return path;
  if (failure.code === 'ENOENT' && dirname(path) !== path) {
    const first = makeFoldersSync(dirname(path));
    const again = made(path);
    if (again !== undefined && !isThere()) throw again;
    return first ?? path;
  }
  if (isThere()) return undefined;
  throw failure;
}

function made(path: string): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(path);
    return undefined;
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}
