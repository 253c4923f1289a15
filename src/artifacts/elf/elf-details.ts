import { createHash } from 'node:crypto';
import { readingFile } from './elf.ts';
import { readHeader, readSections, type Section } from './elf-header.ts';
import { Damaged, type Layout, type ReadAt } from './elf-words.ts';
import { readGoBuildInfo, type GoBuildInfo } from './go-build-info.ts';

export interface SectionFacts {
  readonly name: string;
  readonly size: number;
  /** Of its bytes in the file. */
  readonly sha256: string;
}

/** What two builds of one program may differ in. */
export interface ElfDetails {
  readonly go: GoBuildInfo | null;
  /** NT_GNU_BUILD_ID, in hex. */
  readonly gnuBuildId: string | null;
  /** The id that the go command gives: hashes of the inputs and of the result. */
  readonly goBuildId: string | null;
  readonly sections: readonly SectionFacts[];
}

const LONGEST_NOTE = 64 * 1024;
const CHUNK = 1024 * 1024;

/** Sections with their sums, build ids and Go's information; null for a file that is no ELF, or is damaged. Reads the whole file. Throws as `toFileError` says. */
export function elfDetails(path: string): ElfDetails | null {
  return readParts(path, readElfDetails);
}

/** Go's build information alone: a few kilobytes of the file are read. null as `elfDetails` says, and for a program of another language. */
export function goBuildInfo(path: string): GoBuildInfo | null {
  return readParts(path, (read, size) => {
    const header = readHeader(read, size);
    return readGoBuildInfo(read, header, readSections(read, size, header));
  });
}

/** @throws Damaged for a file that is cut short or contradicts itself */
export function readElfDetails(read: ReadAt, size: number): ElfDetails {
  const header = readHeader(read, size);
  const sections = readSections(read, size, header);
  return {
    go: readGoBuildInfo(read, header, sections),
    gnuBuildId: noteOf(read, header.layout, sections, '.note.gnu.build-id')?.toString('hex') ?? null,
    goBuildId: noteOf(read, header.layout, sections, '.note.go.buildid')?.toString('latin1') ?? null,
    sections: sections
      .filter(({ name }) => name !== '')
      .map((section) => ({ name: section.name, size: section.size, sha256: sumOf(read, section) })),
  };
}

/** null: no ELF file, or a damaged one. */
export function readParts<T>(path: string, work: (read: ReadAt, size: number) => T | null): T | null {
  return readingFile(path, (read, size) => {
    if (Buffer.from(read(0, 4)).toString('latin1') !== '\x7fELF') return null;
    try {
      return work(read, size);
    } catch (cause) {
      if (cause instanceof Damaged) return null;
      throw cause;
    }
  });
}

/** The description of the one note in a section: name size, description size, type, then both, each filled up to 4 bytes (gABI, chapter 5). */
function noteOf(read: ReadAt, { little }: Layout, sections: readonly Section[], wanted: string): Buffer | null {
  const section = sections.find(({ name }) => name === wanted);
  if (section === undefined) return null;
  const bytes = Buffer.from(read(section.offset, Math.min(section.fileSize, LONGEST_NOTE)));
  if (bytes.length < 12) return null;
  const field = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const from = 12 + Math.ceil(field(0) / 4) * 4;
  return from + field(4) > bytes.length ? null : bytes.subarray(from, from + field(4));
}

function sumOf(read: ReadAt, { offset, fileSize }: Section): string {
  const hash = createHash('sha256');
  for (let done = 0; done < fileSize; done += CHUNK) hash.update(read(offset + done, Math.min(CHUNK, fileSize - done)));
  return hash.digest('hex');
}
