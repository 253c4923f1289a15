export interface MadeElf {
  readonly machine: number;
  readonly bits?: 32 | 64;
  readonly big?: boolean;
  /** 2: ET_EXEC, 3: ET_DYN. */
  readonly type?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly pieFlag?: boolean;
}

const BASE = 0x400000;

/**
 * Writes a small ELF file by hand: header, program headers, an optional loader's name, an optional dynamic section. One PT_LOAD
 * maps it all at 0x400000. Layout: System V gABI, chapters 4 and 5.
 */
export function makeElf({
  machine,
  bits = 64,
  big = false,
  type = 2,
  interpreter,
  needed = [],
  pieFlag = false,
}: MadeElf): Uint8Array {
  const wide = bits === 64;
  const w = wide ? 8 : 4;
  const [headerSize, entrySize] = wide ? [64, 56] : [52, 32];
  const hasDynamic = needed.length > 0 || pieFlag;
  const count = 1 + (interpreter === undefined ? 0 : 1) + (hasDynamic ? 1 : 0);
  let at = headerSize + count * entrySize;
  const place = (size: number): number => {
    const from = at;
    at += size;
    return from;
  };
  const loader = Buffer.from(`${interpreter ?? ''}\0`);
  const loaderAt = place(loader.length);
  const strings = Buffer.from(`\0${needed.map((name) => `${name}\0`).join('')}`);
  const stringsAt = place(strings.length);
  const tags: [number, number][] = [];
  let into = 1;
  for (const name of needed) {
    tags.push([1, into]);
    into += name.length + 1;
  }
  tags.push([5, BASE + stringsAt]);
  if (pieFlag) tags.push([0x6ffffffb, 0x08000001]);
  tags.push([0, 0]);
  const dynamicSize = tags.length * 2 * w;
  const dynamicAt = place(dynamicSize);

  const bytes = Buffer.alloc(at);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number, value: number): void => {
    if (wide) view.setBigUint64(offset, BigInt(value), !big);
    else view.setUint32(offset, value, !big);
  };
  const half = (offset: number, value: number): void => {
    view.setUint16(offset, value, !big);
  };
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]);
  half(16, type);
  half(18, machine);
  word(wide ? 32 : 28, headerSize);
  half(wide ? 54 : 42, entrySize);
  half(wide ? 56 : 44, count);
  let entry = headerSize;
  const segment = (kind: number, offset: number, size: number): void => {
    view.setUint32(entry, kind, !big);
    word(entry + (wide ? 8 : 4), offset);
    word(entry + (wide ? 16 : 8), BASE + offset);
    word(entry + (wide ? 32 : 16), size);
    entry += entrySize;
  };
  segment(1, 0, at);
  if (interpreter !== undefined) segment(3, loaderAt, loader.length);
  if (hasDynamic) segment(2, dynamicAt, dynamicSize);
  bytes.set(loader, loaderAt);
  bytes.set(strings, stringsAt);
  for (const [n, [tag, value]] of tags.entries()) {
    word(dynamicAt + n * 2 * w, tag);
    word(dynamicAt + n * 2 * w + w, value);
  }
  return bytes;
}
