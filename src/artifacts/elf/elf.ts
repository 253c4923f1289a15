import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { toFileError } from '../../system/file-error.ts';
import { readElf, type FileFormat } from './elf-format.ts';

/** Reads what a file is from its headers: a few hundred bytes, also of a large binary. Throws as `toFileError` says. */
export function fileFormat(path: string): FileFormat {
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
    return readElf(read, fstatSync(fd).size);
  } catch (cause) {
    throw toFileError(cause, path);
  } finally {
    closeSync(fd);
  }
}
