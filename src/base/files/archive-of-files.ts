import { gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import xz from 'xz-decompress';

/** What is no package, or no archive, as it should be. */
export class PackageFault extends Error {
  override readonly name = 'PackageFault';
}

const AR_HEAD = '!<arch>\n';
const AR_HEADER = 60;

/**
 * The archive of the files of a Debian package, as a tar file: its member `data.tar`, decompressed (deb(5)). The package was checked by its checksum.
 *
 * @throws PackageFault where there is none, or one that is compressed in a way that Debian does not use
 */
export async function filesOfPackage(deb: Buffer): Promise<Buffer> {
  if (deb.subarray(0, AR_HEAD.length).toString('latin1') !== AR_HEAD) throw new PackageFault('it is no Debian package');
  for (let at = AR_HEAD.length; at + AR_HEADER <= deb.length;) {
    const name = deb
      .subarray(at, at + 16)
      .toString('latin1')
      .trim()
      .replace(/\/$/u, '');
    const size = Number(
      deb
        .subarray(at + 48, at + 58)
        .toString('latin1')
        .trim(),
    );
    const start = at + AR_HEADER;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > deb.length) break;
    if (name.startsWith('data.tar')) return decompressed(name, deb.subarray(start, start + size));
    // Members begin at even places.
    at = start + size + (size % 2);
  }
  throw new PackageFault('its files are missing');
}

/**
 * A file as it is without the compression that its name says: `.xz`, `.gz`, or none.
 *
 * @throws PackageFault where it is damaged, or compressed otherwise
 */
export async function decompressed(name: string, data: Uint8Array): Promise<Buffer> {
  try {
    if (name.endsWith('.xz')) return await buffer(new xz.XzReadableStream(new Blob([Buffer.from(data)]).stream()));
    if (name.endsWith('.gz')) return gunzipSync(data);
  } catch (cause) {
    throw new PackageFault(`${name} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (/\.(?:bz2|lzma|zst)$/u.test(name)) throw new PackageFault(`${name} is compressed in a way that is not read`);
  return Buffer.from(data);
}
