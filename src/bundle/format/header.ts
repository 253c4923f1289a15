/**
 * The one form of header that a bundle has: a POSIX ustar header of a regular file (pax(1), "ustar Interchange Format"). Mode, owner and time are
 * always the same, so the same files give the same bytes. A header that is not byte for byte the one that `encodeHeader` writes is refused.
 */

export const BLOCK = 512;
/** Eleven octal digits. */
export const MOST_BYTES_OF_FILE = 8 ** 11 - 1;
/** 1980-01-01: the first day that every archive format can hold. */
const TIME = 315_532_800;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** What is wrong with a bundle, in words that follow the name of the file. */
export class BundleFault extends Error {
  override readonly name = 'BundleFault';
}

export interface Header {
  readonly path: string;
  readonly bytes: number;
}

/** What ustar's type flags stand for, where they are no regular file. */
const TYPES: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a directory',
  '6': 'a FIFO',
  x: 'an extended header',
  g: 'an extended header',
  L: 'an extended header',
  K: 'an extended header',
};

/** Why a path may not stand in a bundle; null for one that may. Relative, ASCII without spaces, no empty part, no `.` and no `..`. Pure. */
export function pathProblem(path: string): string | null {
  if (path.startsWith('/')) return 'is absolute';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of the bundle';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty part';
  if (!/^[\w!+.,:@=~%/-]+$/u.test(path)) return 'holds a character that no path of a bundle has';
  return null;
}

/**
 * The header of one file. Pure.
 *
 * @throws BundleFault for a path or a size that ustar cannot hold
 */
export function encodeHeader({ path, bytes }: Header): Buffer {
  const problem = pathProblem(path);
  if (problem !== null) throw new BundleFault(`the path ${JSON.stringify(path)} ${problem}`);
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > MOST_BYTES_OF_FILE)
    throw new BundleFault(`${path} has ${String(bytes)} bytes, and a tar file holds at most 8 GiB in one file`);
  const { name, prefix } = splitPath(path);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'latin1');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(bytes, 124, 11);
  octal(TIME, 136, 11);
  block.write('0', 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  octal(0, 329, 7);
  octal(0, 337, 7);
  block.write(prefix, 345, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** The first `/` after which the rest fits: the prefix is as short as it can be. */
function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  const at = path.indexOf('/', path.length - NAME_BYTES - 1);
  if (at < 0 || at > PREFIX_BYTES) throw new BundleFault(`the path ${path} is too long for a tar file`);
  return { name: path.slice(at + 1), prefix: path.slice(0, at) };
}

/** The sum of all bytes, where the checksum itself counts as eight spaces. */
function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < BLOCK; index += 1) sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  return sum;
}

/**
 * Reads a header; null for the block of zeros that ends the archive. Pure.
 *
 * @throws BundleFault for anything that `encodeHeader` does not write
 */
export function decodeHeader(block: Buffer): Header | null {
  if (block.every((byte) => byte === 0)) return null;
  const text = (at: number, length: number): string => {
    const field = block.toString('latin1', at, at + length);
    const end = field.indexOf('\0');
    return end < 0 ? field : field.slice(0, end);
  };
  const octal = (at: number, length: number): number => {
    const digits = text(at, length).trim();
    return /^[0-7]+$/u.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  };
  if (text(257, 5) !== 'ustar' || octal(148, 8) !== checksumOf(block))
    throw new BundleFault('a header is damaged, or the file is no tar file');
  const prefix = text(345, PREFIX_BYTES);
  const path = prefix === '' ? text(0, NAME_BYTES) : `${prefix}/${text(0, NAME_BYTES)}`;
  const flag = text(156, 1);
  if (flag !== '0')
    throw new BundleFault(`${JSON.stringify(path)} is ${TYPES[flag] ?? 'of an unknown type'}, not a file`);
  const bytes = octal(124, 12);
  if (Number.isNaN(bytes)) throw new BundleFault(`the size of ${JSON.stringify(path)} is no number`);
  const header = { path, bytes };
  // It also refuses a path that no bundle may hold.
  if (!encodeHeader(header).equals(block))
    throw new BundleFault(`the header of ${path} has other fields than those of a bundle`);
  return header;
}
