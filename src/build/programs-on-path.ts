import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/**
 * All executable files of that name on PATH, in its order, each path once. An empty entry is the working directory, as
 * POSIX says (XBD 8.3, PATH). A name with a slash is looked up as a path.
 */
export function programsOnPath(name: string, path: string): string[] {
  if (name.includes('/')) return isProgram(resolve(name)) ? [resolve(name)] : [];
  const found = path
    .split(delimiter)
    .map((dir) => join(isAbsolute(dir) ? dir : resolve(dir), name))
    .filter(isProgram);
  return [...new Set(found)];
}

function isProgram(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw cause;
  }
}
