import { open, type FileHandle } from 'node:fs/promises';
import { toFileError } from '../../system/file-error.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';

/** Large enough that reading costs hardly more than hashing. */
export const CHUNK = 1024 * 1024;

/** The bytes of a bundle, which lie in one file or in several. They stay open: what is used is what was verified, where another file takes the name. */
export interface BundleBytes {
  /** All of them, from the first to the last. */
  readonly chunks: () => AsyncGenerator<Uint8Array, void, undefined>;
  /** Fills a buffer from a place on. @returns how many bytes were there; 0 at the end */
  readonly read: (buffer: Buffer, at: number) => Promise<number>;
  /**
   * What is wrong with the files as such, one sentence each.
   *
   * @param all also those that were not read to their end; they are read for it
   */
  readonly faults: (all: boolean) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** A bundle in one file. Throws as `toFileError` says. */
export async function bytesOfOneFile(file: string): Promise<BundleBytes> {
  const opened = await openFile(file);
  return {
    chunks: () => chunksOf(opened),
    read: (buffer, at) => readAt(opened, buffer, at),
    faults: () => Promise.resolve([]),
    close: () => opened.close(),
  };
}

/** Opens a file for reading. Throws as `toFileError` says. */
export async function openFile(file: string): Promise<FileHandle> {
  return open(file, 'r').catch((cause: unknown) => {
    throw toFileError(cause, file);
  });
}

/** The bytes of an open file. A signal ends it (`interrupted`): a bundle has gigabytes. */
export async function* chunksOf(opened: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  // No stream of Node's: each leaves a listener on the handle, and a file may be read often.
  for (let at = 0; ;) {
    throwIfStopping();
    const buffer = Buffer.allocUnsafe(CHUNK);
    const bytes = await readAt(opened, buffer, at);
    if (bytes === 0) return;
    at += bytes;
    yield buffer.subarray(0, bytes);
  }
}

/** Fills a buffer from a place in a file on. @returns how many bytes were there; 0 at the end */
export async function readAt(opened: FileHandle, buffer: Buffer, at: number): Promise<number> {
  const { bytesRead } = await opened.read(buffer, 0, buffer.length, at);
  return bytesRead;
}
