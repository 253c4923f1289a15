import { archOfElf, elfOf } from '../../cpus.ts';
import { PT_LOAD, readHeader, type Segment } from './elf-header.ts';
import { Damaged, view, word, type Layout, type ReadAt } from './elf-words.ts';

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

/** e_machine of CPUs that no moby is built for, where a name says more than a number (elf.h, gABI). */
const FOREIGN: Readonly<Record<number, string>> = { 2: 'sparc', 8: 'mips', 20: 'ppc', 43: 'sparc64' };

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_1_PIE = 0x08000000;

/** More dynamic entries or text than this no program has; a damaged file may claim it. */
const MOST_DYNAMIC_BYTES = 1024 * 1024;
const LONGEST_TEXT = 4096;

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

function readFacts(read: ReadAt, size: number): ElfFacts {
  const { layout, type, machine: number, segments } = readHeader(read, size);
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
