import type { FileHandle } from 'node:fs/promises';
import { verifyBundle, type Verified } from './check/verify.ts';
import { BLOCK } from './format/header.ts';
import { padding, type TarEntry } from './format/read-tar.ts';
import { openBundle, readOpened } from './open-bundle.ts';

/** Where in a bundle a file lies. */
export interface Location {
  readonly at: number;
  readonly bytes: number;
}

/** A bundle that was read once, to its end. It stays open, so that what is served is what was verified. */
export interface LocatedBundle {
  readonly opened: FileHandle;
  readonly verified: Verified;
  readonly files: ReadonlyMap<string, Location>;
}

/**
 * Verifies a bundle, and notes where its files lie, so that they can be read out of it without unpacking. Whoever calls it closes the bundle.
 *
 * @throws MobyBuildError as `readBundle`
 */
export async function locateFiles(file: string, onFile: (path: string) => void): Promise<LocatedBundle> {
  const files = new Map<string, Location>();
  const opened = await openBundle(file);
  try {
    const verified = await readOpened(file, opened, (entries) => verifyBundle(located(entries, files), onFile));
    return { opened, verified, files };
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}

async function* located(
  entries: AsyncGenerator<TarEntry, void, undefined>,
  files: Map<string, Location>,
): AsyncGenerator<TarEntry, void, undefined> {
  let at = 0;
  for await (const entry of entries) {
    files.set(entry.path, { at: at + BLOCK, bytes: entry.bytes });
    at += BLOCK + entry.bytes + padding(entry.bytes);
    yield entry;
  }
}

/** The bytes of one file, as they come. */
export function streamOf({ opened }: LocatedBundle, { at, bytes }: Location): AsyncIterable<Uint8Array> {
  // An empty range cannot be said: its end would be before its start.
  if (bytes === 0) return none();
  return opened.createReadStream({ start: at, end: at + bytes - 1, autoClose: false }) as AsyncIterable<Uint8Array>;
}

/** A small file in memory. */
export async function bytesOfFile({ opened }: LocatedBundle, { at, bytes }: Location): Promise<Buffer> {
  const data = Buffer.alloc(bytes);
  await opened.read(data, 0, bytes, at);
  return data;
}

async function* none(): AsyncGenerator<Uint8Array, void, undefined> {
  // Nothing to give.
}
