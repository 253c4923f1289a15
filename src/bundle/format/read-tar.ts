import { BLOCK, BundleFault, decodeHeader, type Header } from './header.ts';

/** A file of a bundle, on its way. */
export interface TarEntry extends Header {
  /** Its bytes, once. What is not read is passed over when the next entry is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The files of a tar file in their order, while it is read: at most one chunk is held. Nothing may follow the end.
 *
 * @throws BundleFault where the file is cut, has other than regular files in it, or goes on after its end
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const input = new Input(chunks);
  try {
    for (;;) {
      const header = decodeHeader(await input.exactly(BLOCK, 'the header of a file'));
      if (header === null) break;
      const left = { bytes: header.bytes };
      yield { ...header, body: bodyOf(input, header.path, left) };
      await passOver(bodyOf(input, header.path, left));
      await input.exactly(padding(header.bytes), `the end of ${header.path}`);
    }
    if ((await input.exactly(BLOCK, 'its end')).some((byte) => byte !== 0)) throw new BundleFault('its end is damaged');
    if ((await input.some(1)) !== null) throw new BundleFault('there is more after its end');
  } finally {
    await input.close();
  }
}

async function passOver(body: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await body.next()).done !== true);
}

/** The zeros that fill the last block of a file. */
export function padding(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}

/** @param left counted down outside, so that what a caller leaves unread can be passed over */
async function* bodyOf(
  input: Input,
  path: string,
  left: { bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  while (left.bytes > 0) {
    const chunk = await input.some(left.bytes);
    if (chunk === null) throw new BundleFault(`it is cut inside ${path}`);
    left.bytes -= chunk.length;
    yield chunk;
  }
}

/** Chunks as a row of bytes. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** One byte at least, `most` at most; null at the end. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return null;
      this.#chunk = next.value;
    }
    const taken = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken;
  }

  async exactly(bytes: number, what: string): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let left = bytes; left > 0;) {
      const part = await this.some(left);
      if (part === null) throw new BundleFault(`it is cut before ${what}`);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
