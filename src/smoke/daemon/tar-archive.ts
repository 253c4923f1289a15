export interface TarEntry {
  /** Without a leading slash, up to 100 ASCII characters; a directory ends in `/`. */
  readonly name: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

const BLOCK = 512;

/** A ustar archive (POSIX pax, ustar Interchange Format) of a few small files: what `docker import` wants. Owner 0, time 0. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, mode, content } of entries) {
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, at: number, width: number): void => {
      header.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
    };
    header.write(name, 0, 100, 'latin1');
    octal(mode, 100, 8);
    octal(0, 108, 8);
    octal(0, 116, 8);
    octal(content.length, 124, 12);
    octal(0, 136, 12);
    header.write('        ', 148, 'latin1');
    header.write(name.endsWith('/') ? '5' : '0', 156, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, '0')}\x00 `, 148, 'latin1');
    blocks.push(header, Buffer.from(content), Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}
