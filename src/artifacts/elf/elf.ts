import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { toFileError } from '../../system/file-error.ts';
import { readElf, type FileFormat } from './elf-format.ts';
import type { ReadAt } from './elf-words.ts';

/** Reads what a file is from its headers: a few hundred bytes, also of a large binary. Throws as `toFileError` says. */
export function fileFormat(path: string): FileFormat {
  return readingFile(path, readElf);
}

/** Opens a file for a reader that takes parts of it, and closes it. Throws as `toFileError` says. */
export function readingFile<T>(path: string, work: (read: ReadAt, size: number) => T): T {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw toFileError(cause, path);
  }
  try {
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = Buffer.alloc(length);
      let done = 0;
      while (done < length) {
        const count = readSync(fd, bytes, done, length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    };
    return work(read, fstatSync(fd).size);
  } catch (cause) {
    throw toFileError(cause, path);
  } finally {
    closeSync(fd);
  }
}
