import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFileError } from '../file-error.ts';
import { seeProcess } from '../process/process-tree.ts';
import { onLeave } from '../process/supervisor.ts';

export interface TempDir {
  readonly path: string;
  /** Removes it now. Harmless when it is gone. */
  readonly remove: () => void;
}

/** As `makeTempDir` names them, with the number of the process. */
const TEMP_NAME = /^moby-build-[\w-]+-(\d+)-\w{6}$/;

/**
 * A new empty directory (mode 0700) that is removed when the process leaves, also by an error, SIGINT or SIGTERM.
 * `parent`: where; the system's temporary directory by default. Throws as `toFileError` says.
 */
export function makeTempDir(name: string, parent: string = tmpdir()): TempDir {
  let path: string;
  try {
    path = mkdtempSync(join(parent, `moby-build-${name}-${String(process.pid)}-`));
  } catch (cause) {
    throw toFileError(cause, parent);
  }
  const removeNow = (): void => {
    rmSync(path, { recursive: true, force: true });
  };
  const forget = onLeave(removeNow);
  return {
    path,
    remove: () => {
      forget();
      removeNow();
    },
  };
}

/**
 * Temporary directories of ours (absolute, sorted by name) whose process is gone: a SIGKILL leaves them. Only what belongs to this user: the
 * temporary directory is everybody's.
 */
export function abandonedTempDirs(parent: string = tmpdir()): string[] {
  return readdirSync(parent)
    .filter((name) => {
      const pid = TEMP_NAME.exec(name)?.[1];
      return pid !== undefined && seeProcess(Number(pid)) === null && isOwnDirectory(join(parent, name));
    })
    .sort()
    .map((name) => join(parent, name));
}

/** Removes the temporary directories that `makeTempDir` made in this process, as far as they lie in the system's: for an end without clean-ups. */
export function removeTempDirsOf(pid: number, parent: string = tmpdir()): void {
  const names = readdirSync(parent).filter((name) => TEMP_NAME.exec(name)?.[1] === String(pid));
  for (const path of names.map((name) => join(parent, name)).filter(isOwnDirectory))
    rmSync(path, { recursive: true, force: true });
}

/** A directory of this user's itself, not a link to one; false when it has just gone. */
export function isOwnDirectory(path: string): boolean {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  return facts?.isDirectory() === true && facts.uid === process.geteuid?.();
}
