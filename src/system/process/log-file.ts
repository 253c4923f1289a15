import { openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFoldersSync } from '../make-folders.ts';
import { toFileError } from '../file-error.ts';

export interface OpenLog {
  readonly fd: number;
  readonly path: string;
}

/** Opens a log for appending, making its directory. Throws as `toFileError` says. */
export function openLog(path: string): OpenLog {
  try {
    makeFoldersSync(dirname(path));
    return { fd: openSync(path, 'a', 0o644), path };
  } catch (cause) {
    throw toFileError(cause, path);
  }
}

/**
 * Appends all of `data`. Synchronous on purpose: both streams of a child keep their order, and what was written is there
 * even if we are killed the next moment.
 */
export function appendAll(log: OpenLog, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    for (let done = 0; done < bytes.byteLength;) done += writeSync(log.fd, bytes, done);
  } catch (cause) {
    throw toFileError(cause, log.path);
  }
}
