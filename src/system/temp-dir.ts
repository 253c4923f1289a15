import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFileError } from './file-error.ts';
import { onLeave } from './supervisor.ts';

export interface TempDir {
  readonly path: string;
  /** Removes it now. Harmless when it is gone. */
  readonly remove: () => void;
}

/**
 * A new empty directory (mode 0700) that is removed when the process leaves, also by an error, SIGINT or SIGTERM.
 * `parent`: where; the system's temporary directory by default. Throws as `toFileError` says.
 */
export function makeTempDir(name: string, parent: string = tmpdir()): TempDir {
  let path: string;
  try {
    path = mkdtempSync(join(parent, `moby-build-${name}-`));
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
