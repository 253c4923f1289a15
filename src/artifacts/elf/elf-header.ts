import { Damaged, readLayout, view, word, type Layout, type ReadAt } from './elf-words.ts';

export const PT_LOAD = 1;
const PF_W = 2;
const SHT_NOBITS = 8;
/** More program headers or sections than this no program has; a damaged file may claim it. */
const MOST_HEADERS = 512;
const MOST_SECTIONS = 4096;
const MOST_NAME_BYTES = 1024 * 1024;

/** A part of the file that is mapped, or that says something about the others. */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly writable: boolean;
}

export interface Section {
  readonly name: string;
  readonly offset: number;
  /** Bytes in the file: none for a section such as .bss. */
  readonly fileSize: number;
  /** Bytes in memory or in the file. */
  readonly size: number;
}

export interface ElfHeader {
  readonly layout: Layout;
  /** e_type and e_machine */
  readonly type: number;
  readonly machine: number;
  readonly segments: readonly Segment[];
  /** Where the section headers stand, and the number of the one that has the names. */
  readonly sectionTable: {
    readonly at: number;
    readonly entry: number;
    readonly count: number;
    readonly names: number;
  };
}

/**
 * Reads the header and the program headers. Source: System V gABI, chapters 4 and 5.
 * @throws Damaged for a file that is cut short or contradicts itself
 */
export function readHeader(read: ReadAt, size: number): ElfHeader {
  const layout = readLayout(read);
  const wide = layout.bits === 64;
  const header = view(read, 0, wide ? 64 : 52);
  const half = (at: number): number => header.getUint16(at, layout.little);
  const headersAt = word(header, wide ? 32 : 28, layout);
  const [entrySize, count] = [half(wide ? 54 : 42), half(wide ? 56 : 44)];
  const sectionTable = {
    at: word(header, wide ? 40 : 32, layout),
    entry: half(wide ? 58 : 46),
    count: half(wide ? 60 : 48),
    names: half(wide ? 62 : 50),
  };
  if (count > MOST_HEADERS) throw new Damaged(`${String(count)} program headers`);
  if (count > 0 && entrySize !== (wide ? 56 : 32)) throw new Damaged(`program headers of ${String(entrySize)} bytes`);
  if (sectionTable.at + sectionTable.entry * sectionTable.count > size)
    throw new Damaged('it is cut short: its section headers are beyond its end');
  const segments: Segment[] = [];
  for (let n = 0; n < count; n += 1) {
    const segment = readSegment(view(read, headersAt + n * entrySize, entrySize), layout);
    if (segment.type === PT_LOAD && segment.offset + segment.fileSize > size)
      throw new Damaged('it is cut short: a segment reaches beyond its end');
    segments.push(segment);
  }
  return { layout, type: half(16), machine: half(18), segments, sectionTable };
}

function readSegment(entry: DataView, layout: Layout): Segment {
  const wide = layout.bits === 64;
  return {
    type: entry.getUint32(0, layout.little),
    offset: word(entry, wide ? 8 : 4, layout),
    address: word(entry, wide ? 16 : 8, layout),
    fileSize: word(entry, wide ? 32 : 16, layout),
    writable: (entry.getUint32(wide ? 4 : 24, layout.little) & PF_W) !== 0,
  };
}

/** Reads the section headers; none for a file without them. @throws Damaged where they contradict the file */
export function readSections(read: ReadAt, size: number, { layout, sectionTable }: ElfHeader): readonly Section[] {
  const { at, entry, count, names } = sectionTable;
  const wide = layout.bits === 64;
  if (count === 0) return [];
  if (count > MOST_SECTIONS) throw new Damaged(`${String(count)} sections`);
  if (entry !== (wide ? 64 : 40)) throw new Damaged(`section headers of ${String(entry)} bytes`);
  const raw = Array.from({ length: count }, (_, n) => {
    const from = view(read, at + n * entry, entry);
    return {
      name: from.getUint32(0, layout.little),
      type: from.getUint32(4, layout.little),
      offset: word(from, wide ? 24 : 16, layout),
      size: word(from, wide ? 32 : 20, layout),
    };
  });
  const holder = raw[names];
  if (holder === undefined || holder.size > MOST_NAME_BYTES) throw new Damaged('its sections have no names');
  const texts = Buffer.from(read(holder.offset, holder.size));
  return raw.map(({ name, type, offset, size: bytes }) => {
    // A section without bytes in the file may say that it begins behind its end.
    const fileSize = type === SHT_NOBITS ? 0 : bytes;
    if (fileSize > 0 && offset + fileSize > size)
      throw new Damaged('it is cut short: a section reaches beyond its end');
    const end = texts.indexOf(0, name);
    return { name: texts.toString('latin1', name, end < 0 ? texts.length : end), offset, fileSize, size: bytes };
  });
}
