import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { toFileError } from '../system/file-error.ts';
import type { Entry } from './content/entry.ts';

const BLOCK = 512;

/**
 * A ustar header (POSIX.1-2017, pax, "ustar Interchange Format"): owner root, one time for all, so that the bytes follow from the contents.
 *
 * @param seconds since 1970
 * @throws RangeError for a name of more than 100 bytes; none of ours has so many
 */
export function tarHeader(name: string, mode: number, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a ustar header`);
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  header.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(seconds, 136, 12);
  header.write(name.endsWith('/') ? '5' : '0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write('root', 265, 'latin1');
  header.write('root', 297, 'latin1');
  // The checksum is taken with spaces in its own place.
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Writes a gzipped tar with the entries sorted by path, folders before their files. gzip's header gets no time. Throws as `toFileError` says. */
export async function writeTarball(path: string, entries: readonly Entry[], seconds: number): Promise<void> {
  try {
    await pipeline(Readable.from(bytesOf(entries, seconds)), createGzip({ level: 9 }), createWriteStream(path));
  } catch (cause) {
    throw toFileError(cause, path);
  }
}

async function* bytesOf(entries: readonly Entry[], seconds: number): AsyncGenerator<Uint8Array> {
  for (const folder of foldersOf(entries)) yield tarHeader(`${folder}/`, 0o755, 0, seconds);
  for (const { path, mode, from } of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const size = 'text' in from ? Buffer.byteLength(from.text) : (await stat(from.file)).size;
    yield tarHeader(path, mode, size, seconds);
    if ('text' in from) yield Buffer.from(from.text);
    else yield* createReadStream(from.file) as AsyncIterable<Uint8Array>;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function foldersOf(entries: readonly Entry[]): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of entries)
    for (let dir = posix.dirname(path); dir !== '.'; dir = posix.dirname(dir)) folders.add(dir);
  return [...folders].sort();
}
