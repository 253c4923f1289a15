/** A Go program's data as its linker lays it: `inline` from Go 1.18, `pointers` before. */
export interface MadeGoElf {
  readonly bits?: 32 | 64;
  readonly big?: boolean;
  readonly form: 'inline' | 'pointers';
  readonly version: string;
  /** The text of modules, without the marks around it. */
  readonly modules: string;
  /** false: without section headers, as a stripped program may be. */
  readonly sections?: boolean;
  readonly goBuildId?: string;
  readonly code?: string;
}

const BASE = 0x400000;

/** Writes a small ELF file with build information of Go, by hand. Layouts: System V gABI, chapters 4 and 5; Go, debug/buildinfo/buildinfo.go. */
export function makeGoElf(made: MadeGoElf): Uint8Array {
  const { bits = 64, big = false, form, version, sections = true, goBuildId = 'a/b/c/d', code = 'code' } = made;
  const wide = bits === 64;
  const w = wide ? 8 : 4;
  const number = (value: number, size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    if (size === 8) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeUIntLE(value, 0, size);
    return big ? bytes.reverse() : bytes;
  };
  const modules =
    made.modules === '' ? Buffer.alloc(0) : Buffer.from(`${'<'.repeat(16)}${made.modules}${'>'.repeat(16)}`);
  const [headerSize, segmentSize] = wide ? [64, 56] : [52, 32];
  const text = Buffer.from(code);
  const note = Buffer.concat([
    number(4, 4),
    number(goBuildId.length, 4),
    number(4, 4),
    Buffer.from('Go\0\0'),
    Buffer.from(goBuildId),
  ]);
  const textAt = headerSize + segmentSize;
  const noteAt = textAt + text.length;
  const infoAt = Math.ceil((noteAt + note.length) / 16) * 16;
  const info = form === 'inline' ? inline(version, modules, w, big) : pointers(version, modules, infoAt, w, number);
  const named: readonly (readonly [string, number, number, number])[] = [
    ['', 0, 0, 0],
    ['.text', 1, textAt, text.length],
    ['.note.go.buildid', 7, noteAt, note.length],
    ['.go.buildinfo', 1, infoAt, info.length],
    // The linker gives it a place behind the end of the file.
    ['.bss', 8, 1 << 20, 4096],
    ['.shstrtab', 3, infoAt + info.length, 0],
  ];
  const names = Buffer.from(named.map(([name]) => `${name}\0`).join(''));
  const tableAt = infoAt + info.length + names.length;
  let nameAt = 0;
  const table = named.map(([name, type, at, size]) => {
    const entry = [number(nameAt, 4), number(type, 4), number(0, w), number(BASE + at, w), number(at, w)];
    nameAt += name.length + 1;
    return Buffer.concat([
      ...entry,
      number(name === '.shstrtab' ? names.length : size, w),
      number(0, 8),
      number(0, w),
      number(0, w),
    ]);
  });
  const ident = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]), Buffer.alloc(9)]);
  const header = Buffer.concat([
    ident,
    ...[number(2, 2), number(62, 2), number(1, 4), number(BASE, w), number(headerSize, w)],
    ...[number(sections ? tableAt : 0, w), number(0, 4), number(headerSize, 2), number(segmentSize, 2), number(1, 2)],
    ...[
      number(sections ? (wide ? 64 : 40) : 0, 2),
      number(sections ? table.length : 0, 2),
      number(sections ? 5 : 0, 2),
    ],
  ]);
  const [flags, at, size] = [
    number(6, 4),
    [number(0, w), number(BASE, w), number(BASE, w)],
    [number(tableAt, w), number(tableAt, w)],
  ];
  const segment = wide
    ? [number(1, 4), flags, ...at, ...size, number(0, 8)]
    : [number(1, 4), ...at, ...size, flags, number(0, 4)];
  const padding = Buffer.alloc(infoAt - noteAt - note.length);
  return Buffer.concat([header, ...segment, text, note, padding, info, names, ...(sections ? table : [])]);
}

const MAGIC = Buffer.from('\u00ff Go buildinf:', 'latin1');

function inline(version: string, modules: Buffer, w: number, big: boolean): Buffer {
  const head = Buffer.concat([MAGIC, Buffer.from([w, big ? 3 : 2]), Buffer.alloc(16)]);
  return Buffer.concat([head, varint(version.length), Buffer.from(version), varint(modules.length), modules]);
}

function varint(value: number): Buffer {
  return value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), varint(value >> 7)]);
}

function pointers(
  version: string,
  modules: Buffer,
  at: number,
  w: number,
  number: (value: number, size: number) => Buffer,
): Buffer {
  const big = number(1, 4)[3] === 1;
  const headersAt = BASE + at + 32;
  const textsAt = headersAt + 4 * w;
  return Buffer.concat([
    Buffer.concat(
      [MAGIC, Buffer.from([w, big ? 1 : 0]), number(headersAt, w), number(headersAt + 2 * w, w), Buffer.alloc(16)],
      32,
    ),
    ...[number(textsAt, w), number(version.length, w), number(textsAt + version.length, w), number(modules.length, w)],
    Buffer.from(version),
    modules,
  ]);
}
