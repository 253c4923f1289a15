import { readParts } from '../artifacts/elf/elf-details.ts';
import { readHeader, readSections } from '../artifacts/elf/elf-header.ts';

/** A C library that a binary may have inside, and how it is seen there. */
interface Library {
  readonly name: string;
  /** A function that every program which holds the library has; moby strips nothing (project/PACKAGERS.md). */
  readonly symbol: string;
  /** Debian's packages of its static form. */
  readonly packages: readonly string[];
}

/** What moby, containerd, runc and tini link (Dockerfile and hack/make/.binary of 20.10 to 29; the Makefiles of runc and tini). */
export const LIBRARIES: readonly Library[] = [
  { name: 'glibc', symbol: '__libc_start_main', packages: ['libc6-dev'] },
  { name: 'libseccomp', symbol: 'seccomp_rule_add', packages: ['libseccomp-dev'] },
  { name: 'systemd', symbol: 'sd_journal_open', packages: ['libsystemd-dev'] },
  { name: 'lvm2', symbol: 'dm_task_create', packages: ['libdevmapper-dev'] },
  { name: 'libudev', symbol: 'udev_new', packages: ['libudev-dev'] },
  { name: 'libselinux', symbol: 'is_selinux_enabled', packages: ['libselinux1-dev'] },
  { name: 'libnftables', symbol: 'nft_ctx_new', packages: ['libnftables-dev'] },
];

/** Longer tables of names are in no program of moby; a damaged file may claim one. */
const MOST_BYTES = 256 * 1024 * 1024;
const CHUNK = 8 * 1024 * 1024;
const OVERLAP = 64;

/**
 * The libraries whose functions stand in the table of names of a static binary, by the names of `LIBRARIES`; null where it has no such
 * table (it is stripped), or is no ELF file. Throws as `toFileError` says.
 */
export function linkedLibraries(path: string): readonly string[] | null {
  return readParts(path, (read, size) => {
    const table = readSections(read, size, readHeader(read, size)).find(({ name }) => name === '.strtab');
    if (table === undefined || table.fileSize > MOST_BYTES) return null;
    const found = new Set<string>();
    // Parts overlap by the longest name, so that none is cut.
    for (let at = 0; at < table.fileSize; at += CHUNK) {
      const from = Math.max(0, at - OVERLAP);
      const part = Buffer.from(read(table.offset + from, Math.min(CHUNK + OVERLAP, table.fileSize - from)));
      for (const { name, symbol } of LIBRARIES) if (part.includes(`\0${symbol}\0`, 0, 'latin1')) found.add(name);
    }
    return LIBRARIES.filter(({ name }) => found.has(name)).map(({ name }) => name);
  });
}
