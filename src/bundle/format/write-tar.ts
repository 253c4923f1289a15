import { BLOCK, BundleFault, encodeHeader, type Header } from './header.ts';
import { padding } from './read-tar.ts';

/** A file that goes into a bundle. */
export interface TarSource extends Header {
  readonly open: () => AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a tar file that holds these files in this order. The same files give the same bytes.
 *
 * @throws BundleFault where a file is longer or shorter than it was said to be
 */
export async function* writeTar(files: Iterable<TarSource>): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { path, bytes, open } of files) {
    yield encodeHeader({ path, bytes });
    let left = bytes;
    for await (const chunk of open()) {
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
    if (left !== 0) throw new BundleFault(`${path} changed while it was read`);
    yield Buffer.alloc(padding(bytes));
  }
  yield Buffer.alloc(2 * BLOCK);
}
