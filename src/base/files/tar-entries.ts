import { PackageFault } from './archive-of-files.ts';

/** A file of a system, as a tar file holds it (pax(1), "ustar Interchange Format"). */
export interface FileEntry {
  /** Without `./` and without a slash at its end; empty: the root itself. */
  readonly path: string;
  readonly type: 'file' | 'hard-link' | 'link' | 'folder';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** Of links where they lead; else empty. */
  readonly link: string;
  readonly data: Uint8Array;
}

const BLOCK = 512;
const TYPES: Readonly<Record<string, FileEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hard-link',
  '2': 'link',
  '5': 'folder',
};

/**
 * The files of a tar file of a Debian package: ustar, with GNU's long names or pax's. Devices and FIFOs are left out: no package of a base system needs
 * them. Pure.
 *
 * @throws PackageFault for what is no tar file
 */
export function* readEntries(tar: Buffer): Generator<FileEntry, void, undefined> {
  let longPath: string | null = null;
  let longLink: string | null = null;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (sumOf(header) !== numberOf(header, 148, 8)) throw new PackageFault('its list of files is damaged');
    const size = numberOf(header, 124, 12);
    const start = at + BLOCK;
    if (start + size > tar.length) throw new PackageFault('its list of files is cut');
    const data = tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    const flag = header.toString('latin1', 156, 157);
    if (flag === 'L') longPath = textOf(data, 0, size);
    else if (flag === 'K') longLink = textOf(data, 0, size);
    else if (flag === 'x')
      ({ path: longPath, link: longLink } = { path: longPath, link: longLink, ...recordsOf(data) });
    else {
      const type = TYPES[flag];
      const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? textOf(header, 345, 155) : '';
      const short = textOf(header, 0, 100);
      const path = longPath ?? (prefix === '' ? short : `${prefix}/${short}`);
      const link = longLink ?? textOf(header, 157, 100);
      [longPath, longLink] = [null, null];
      if (type === undefined) continue;
      yield {
        ...{
          type,
          mode: numberOf(header, 100, 8) & 0o7777,
          uid: numberOf(header, 108, 8),
          gid: numberOf(header, 116, 8),
        },
        ...{
          path: plainPath(path),
          time: numberOf(header, 136, 12),
          data: type === 'file' ? data : data.subarray(0, 0),
        },
        link: type === 'hard-link' ? plainPath(link) : type === 'link' ? link : '',
      };
    }
  }
}

/** @throws PackageFault for a path that leads out */
function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new PackageFault(`its path ${JSON.stringify(path)} leads out of it`);
  return parts.join('/');
}

function textOf(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function numberOf(bytes: Buffer, at: number, length: number): number {
  const digits = bytes
    .toString('latin1', at, at + length)
    .replaceAll('\0', ' ')
    .trim();
  const value = digits === '' ? 0 : /^[0-7]+$/u.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new PackageFault('its list of files is damaged');
  return value;
}

/** The sum of all bytes, where the checksum itself counts as eight spaces. */
function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

/** The path and the link of a pax record: `LENGTH KEY=VALUE\n`, again and again. */
function recordsOf(data: Buffer): { readonly path?: string; readonly link?: string } {
  const found: { path?: string; link?: string } = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString('latin1', at, space));
    if (space < 0 || !Number.isSafeInteger(length) || length < 1) break;
    const [, key, value = ''] = /^(\w+)=([\s\S]*)\n$/u.exec(data.toString('utf8', space + 1, at + length)) ?? [];
    if (key === 'path') found.path = value;
    if (key === 'linkpath') found.link = value;
    at += length;
  }
  return found;
}

const FLAGS: Readonly<Record<FileEntry['type'], string>> = { file: '0', 'hard-link': '1', link: '2', folder: '5' };

/** The blocks of an entry in a tar file. A name that ustar has no room for gets a record of pax. Pure. */
export function entryBlocks(entry: FileEntry): readonly Uint8Array[] {
  const path = entry.type === 'folder' ? `${entry.path}/` : entry.path;
  const split = splitPath(path);
  const isLong = split === null || Buffer.byteLength(entry.link) > 100;
  const records = isLong
    ? Buffer.from(record('path', path) + (entry.link === '' ? '' : record('linkpath', entry.link)))
    : null;
  const extra =
    records === null
      ? []
      : [
          headerOf({ ...entry, mode: 0o644, link: '' }, 'x', records.length, { name: 'long-name', prefix: '' }),
          ...padded(records),
        ];
  const name = split ?? { name: path.slice(0, 100), prefix: '' };
  return [...extra, headerOf(entry, FLAGS[entry.type], entry.data.length, name), ...padded(entry.data)];
}

/** What ends a tar file. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (Buffer.byteLength(`${String(length)}${rest}`) !== length)
    length = Buffer.byteLength(`${String(length)}${rest}`);
  return `${String(length)}${rest}`;
}

function padded(data: Uint8Array): readonly Uint8Array[] {
  if (data.length === 0) return [];
  return [data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];
}

interface Name {
  readonly name: string;
  readonly prefix: string;
}

/** The first slash after which the rest fits; null: it fits nowhere. */
function splitPath(path: string): Name | null {
  const bytes = Buffer.from(path);
  if (bytes.length <= 100) return { name: path, prefix: '' };
  const at = bytes.indexOf(0x2f, bytes.length - 101);
  if (at < 1 || at > 155 || at === bytes.length - 1) return null;
  return { name: bytes.toString('utf8', at + 1), prefix: bytes.toString('utf8', 0, at) };
}

function headerOf(entry: FileEntry, flag: string, size: number, { name, prefix }: Name): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 100, 'utf8');
  octal(entry.mode, 100, 7);
  octal(entry.uid, 108, 7);
  octal(entry.gid, 116, 7);
  octal(size, 124, 11);
  octal(entry.time, 136, 11);
  block.write(flag, 156, 'latin1');
  block.write(entry.link, 157, 100, 'utf8');
  block.write('ustar\u000000', 257, 'latin1');
  octal(0, 329, 7);
  octal(0, 337, 7);
  block.write(prefix, 345, 155, 'utf8');
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
