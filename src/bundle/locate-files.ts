import { verifyBundle, type Verified } from './check/verify.ts';
import { CHUNK, type BundleBytes } from './bytes/bytes.ts';
import { BLOCK, BundleFault } from './format/header.ts';
import { padding, type TarEntry } from './format/read-tar.ts';
import { openBundle, readOpened } from './open-bundle.ts';

/** Where in a bundle a file lies. */
export interface Location {
  readonly in: BundleBytes;
  readonly at: number;
  readonly bytes: number;
}

/** A bundle that was read once, to its end. It stays open, so that what is served is what was verified. */
export interface LocatedBundle {
  readonly verified: Verified;
  readonly files: ReadonlyMap<string, Location>;
  /** Of the whole bundle, 64 hex digits. */
  readonly sha256: string;
  readonly close: () => Promise<void>;
}

/**
 * Verifies a bundle, and notes where its files lie, so that they can be read out of it without unpacking. Whoever calls it closes the bundle.
 *
 * @throws MobyBuildError as `openBundle` and `readOpened`
 */
export async function locateFiles(file: string, onFile: (path: string) => void): Promise<LocatedBundle> {
  const files = new Map<string, Location>();
  const opened = await openBundle(file);
  try {
    const { value, sha256 } = await readOpened(file, opened, (entries) =>
      verifyBundle(located(opened, entries, files), onFile),
    );
    return { verified: value, files, sha256, close: opened.close };
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}

async function* located(
  opened: BundleBytes,
  entries: AsyncGenerator<TarEntry, void, undefined>,
  files: Map<string, Location>,
): AsyncGenerator<TarEntry, void, undefined> {
  let at = 0;
  for await (const entry of entries) {
    files.set(entry.path, { in: opened, at: at + BLOCK, bytes: entry.bytes });
    at += BLOCK + entry.bytes + padding(entry.bytes);
    yield entry;
  }
}

/** The bytes of one file, as they come. */
export async function* streamOf({ in: opened, at, bytes }: Location): AsyncGenerator<Uint8Array, void, undefined> {
  for (let done = 0; done < bytes;) {
    const buffer = Buffer.alloc(Math.min(CHUNK, bytes - done));
    const read = await opened.read(buffer, at + done);
    if (read === 0) throw new BundleFault('the file ends before its contents do');
    done += read;
    yield buffer.subarray(0, read);
  }
}

/** A small file in memory. */
export async function bytesOfFile(place: Location): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamOf(place)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
