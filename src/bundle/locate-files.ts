import type { FileHandle } from 'node:fs/promises';
import { verifyBundle, type Verified } from './check/verify.ts';
import { BLOCK, BundleFault } from './format/header.ts';
import { padding, type TarEntry } from './format/read-tar.ts';
import { openBundle, readOpened } from './open-bundle.ts';

const CHUNK = 1024 * 1024;

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
export async function* streamOf(
  { opened }: LocatedBundle,
  { at, bytes }: Location,
): AsyncGenerator<Uint8Array, void, undefined> {
  // No stream of Node's: each leaves a listener on the handle, and a bundle has hundreds of files.
  for (let done = 0; done < bytes;) {
    const buffer = Buffer.alloc(Math.min(CHUNK, bytes - done));
    const { bytesRead } = await opened.read(buffer, 0, buffer.length, at + done);
    if (bytesRead === 0) throw new BundleFault('the file ends before its contents do');
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A small file in memory. */
export async function bytesOfFile(bundle: LocatedBundle, place: Location): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamOf(bundle, place)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
