import { archOfElf, elfOf } from '../../cpus.ts';
/** What a file is, by its bytes. */
export type FileFormat =
  | ({ readonly kind: 'elf' } & ElfFacts)
  /** Starts with `#!`; what stands after it. */
  | { readonly kind: 'script'; readonly interpreter: string }
  /** Begins as ELF and is cut short or contradicts itself. */
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'other'; readonly magic: string };

export interface ElfFacts {
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  /** uname's name: `x86_64`, `aarch64`; `machine-N` for one that is not in the table. */
  readonly machine: string;
  readonly type: 'executable' | 'pie' | 'shared-object' | 'other';
  /** The dynamic loader, or null. */
  readonly interpreter: string | null;
  /** Libraries of DT_NEEDED. */
  readonly needed: readonly string[];
  /** Runs without a loader and without libraries. */
  readonly static: boolean;
}

/** Bytes `offset … offset + length` of the file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** e_machine of CPUs that no moby is built for, where a name says more than a number (elf.h, gABI). */
const FOREIGN: Readonly<Record<number, string>> = { 2: 'sparc', 8: 'mips', 20: 'ppc', 43: 'sparc64' };

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_1_PIE = 0x08000000;

/** More program headers, dynamic entries or text than this no program has; a damaged file may claim it. */
const MOST_HEADERS = 512;
const MOST_DYNAMIC_BYTES = 1024 * 1024;
const LONGEST_TEXT = 4096;

class Damaged extends Error {}

/**
 * Reads ELF headers. Sources: System V gABI, chapters 4 and 5; static = no loader, no needed library, and a program (ET_EXEC, or
 * ET_DYN with DF_1_PIE), for a shared library has no loader either.
 */
export function readElf(read: ReadAt, size: number): FileFormat {
  const magic = read(0, 4);
  if (magic[0] === 0x23 && magic[1] === 0x21) {
    return { kind: 'script', interpreter: Buffer.from(read(2, 128)).toString('latin1').split('\n')[0]?.trim() ?? '' };
  }
  if (Buffer.from(magic).toString('latin1') !== '\x7fELF')
    return { kind: 'other', magic: Buffer.from(magic).toString('hex') };
  try {
    return { kind: 'elf', ...readFacts(read, size) };
  } catch (cause) {
    if (cause instanceof Damaged) return { kind: 'damaged', reason: cause.message };
    throw cause;
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

interface Layout {
  readonly bits: 32 | 64;
  readonly little: boolean;
}

function readFacts(read: ReadAt, size: number): ElfFacts {
  const ident = view(read, 0, 16);
  const klass = ident.getUint8(4);
  const data = ident.getUint8(5);
  if (klass !== 1 && klass !== 2) throw new Damaged(`no ELF class ${String(klass)}`);
  if (data !== 1 && data !== 2) throw new Damaged(`no byte order ${String(data)}`);
  const layout: Layout = { bits: klass === 2 ? 64 : 32, little: data === 1 };
  const wide = layout.bits === 64;
  const header = view(read, 0, wide ? 64 : 52);
  const half = (at: number): number => header.getUint16(at, layout.little);
  const type = half(16);
  const number = half(18);
  const headersAt = word(header, wide ? 32 : 28, layout);
  const sectionsAt = word(header, wide ? 40 : 32, layout);
  const [entrySize, count, sectionSize, sectionCount] = [
    half(wide ? 54 : 42),
    half(wide ? 56 : 44),
    half(wide ? 58 : 46),
    half(wide ? 60 : 48),
  ];
  if (count > MOST_HEADERS) throw new Damaged(`${String(count)} program headers`);
  if (count > 0 && entrySize !== (wide ? 56 : 32)) throw new Damaged(`program headers of ${String(entrySize)} bytes`);
  if (sectionsAt + sectionSize * sectionCount > size)
    throw new Damaged('it is cut short: its section headers are beyond its end');

  const segments: Segment[] = [];
  for (let n = 0; n < count; n += 1) {
    const segment = readSegment(view(read, headersAt + n * entrySize, entrySize), layout);
    if (segment.type === PT_LOAD && segment.offset + segment.fileSize > size)
      throw new Damaged('it is cut short: a segment reaches beyond its end');
    segments.push(segment);
  }
  const interpreted = segments.find((segment) => segment.type === PT_INTERP);
  const dynamic = readDynamic(read, segments, layout);
  const interpreter = interpreted === undefined ? null : textAt(read, interpreted.offset, interpreted.fileSize);
  const pie = type === ET_DYN && (dynamic.pie || interpreter !== null);
  const isProgram = type === ET_EXEC || pie;
  return {
    bits: layout.bits,
    endian: layout.little ? 'little' : 'big',
    machine: machineName(number, layout),
    type: type === ET_EXEC ? 'executable' : type !== ET_DYN ? 'other' : pie ? 'pie' : 'shared-object',
    interpreter,
    needed: dynamic.needed,
    static: interpreter === null && dynamic.needed.length === 0 && isProgram,
  };
}

function machineName(number: number, { bits, little }: Layout): string {
  const name = elfOf(archOfElf(number) ?? '')?.name ?? FOREIGN[number] ?? `machine-${String(number)}`;
  if (name === 'ppc64le' && !little) return 'ppc64';
  if (name === 's390x' && bits === 32) return 's390';
  if (name === 'riscv64' && bits === 32) return 'riscv32';
  return name;
}

function readSegment(entry: DataView, layout: Layout): Segment {
  const wide = layout.bits === 64;
  return {
    type: entry.getUint32(0, layout.little),
    offset: word(entry, wide ? 8 : 4, layout),
    address: word(entry, wide ? 16 : 8, layout),
    fileSize: word(entry, wide ? 32 : 16, layout),
  };
}

function readDynamic(read: ReadAt, segments: readonly Segment[], layout: Layout): { needed: string[]; pie: boolean } {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return { needed: [], pie: false };
  if (segment.fileSize > MOST_DYNAMIC_BYTES) throw new Damaged('its dynamic section is too large');
  const table = view(read, segment.offset, segment.fileSize);
  const step = layout.bits / 8;
  const names: number[] = [];
  let strings: number | null = null;
  let pie = false;
  for (let at = 0; at + 2 * step <= table.byteLength; at += 2 * step) {
    const tag = word(table, at, layout);
    const value = word(table, at + step, layout);
    if (tag === 0) break;
    if (tag === DT_NEEDED) names.push(value);
    else if (tag === DT_STRTAB) strings = value;
    else if (tag === DT_FLAGS_1) pie = Math.floor(value / DF_1_PIE) % 2 === 1;
  }
  if (names.length === 0) return { needed: [], pie };
  const address = strings;
  const holder = segments.find(
    (part) =>
      part.type === PT_LOAD && address !== null && address >= part.address && address < part.address + part.fileSize,
  );
  if (address === null || holder === undefined) throw new Damaged('its string table is in no segment');
  const base = holder.offset + (address - holder.address);
  return { needed: names.map((name) => textAt(read, base + name, LONGEST_TEXT)), pie };
}

function textAt(read: ReadAt, offset: number, longest: number): string {
  const bytes = Buffer.from(read(offset, Math.min(longest, LONGEST_TEXT)));
  const end = bytes.indexOf(0);
  if (end === -1) throw new Damaged('a text in it has no end');
  return bytes.toString('utf8', 0, end);
}

/** A word of the file's class. Beyond 2^53 it cannot be an offset into any file. */
function word(from: DataView, at: number, { bits, little }: Layout): number {
  return bits === 64 ? Number(from.getBigUint64(at, little)) : from.getUint32(at, little);
}

function view(read: ReadAt, offset: number, length: number): DataView {
  if (!Number.isSafeInteger(offset)) throw new Damaged('an offset in it is beyond any file');
  const bytes = read(offset, length);
  if (bytes.byteLength < length) throw new Damaged('it is cut short: its headers are beyond its end');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
