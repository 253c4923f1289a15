import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/**
 * All executable files of that name on PATH, in its order, each file once (where /bin is a link to /usr/bin,
 * both name the same). An empty entry is the working directory, as
 * POSIX says (XBD 8.3, PATH). A name with a slash is looked up as a path.
 */
export function programsOnPath(name: string, path: string): string[] {
  if (name.includes('/')) return isProgram(resolve(name)) ? [resolve(name)] : [];
  const found = path
    .split(delimiter)
    .map((dir) => join(isAbsolute(dir) ? dir : resolve(dir), name))
    .filter(isProgram);
  const seen = new Set<string>();
  return found.filter((program) => {
    const place = directoryOf(program);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

/** The directory decides, not the file: a client that is a link to another is a choice that somebody made. */
function directoryOf(path: string): string {
  return join(realpathSync(join(path, '..')), path.slice(path.lastIndexOf('/') + 1));
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
