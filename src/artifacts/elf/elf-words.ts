/** Bytes `offset … offset + length` of the file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** What a file that begins as ELF contradicts itself in, or how it is cut short. */
export class Damaged extends Error {}

/** How wide the words of a file are, and in which order their bytes stand. */
export interface Layout {
  readonly bits: 32 | 64;
  readonly little: boolean;
}

/** Reads e_ident. @throws Damaged for a class or byte order that there is not */
export function readLayout(read: ReadAt): Layout {
  const ident = view(read, 0, 16);
  const klass = ident.getUint8(4);
  const data = ident.getUint8(5);
  if (klass !== 1 && klass !== 2) throw new Damaged(`no ELF class ${String(klass)}`);
  if (data !== 1 && data !== 2) throw new Damaged(`no byte order ${String(data)}`);
  return { bits: klass === 2 ? 64 : 32, little: data === 1 };
}

/** A word of the file's class. Beyond 2^53 it cannot be an offset into any file. */
export function word(from: DataView, at: number, { bits, little }: Layout): number {
  return bits === 64 ? Number(from.getBigUint64(at, little)) : from.getUint32(at, little);
}

/** @throws Damaged where the file has fewer bytes */
export function view(read: ReadAt, offset: number, length: number): DataView {
  if (!Number.isSafeInteger(offset)) throw new Damaged('an offset in it is beyond any file');
  const bytes = read(offset, length);
  if (bytes.byteLength < length) throw new Damaged('it is cut short: its headers are beyond its end');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
