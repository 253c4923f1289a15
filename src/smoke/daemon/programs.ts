import { archOfElf, archOfNode } from '../../cpus.ts';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that a daemon calls, and where this run takes each from. */
export const PROGRAMS = [
  'containerd',
  'containerd-shim',
  'containerd-shim-runc-v2',
  'runc',
  'docker-init',
  'docker-proxy',
] as const;

export interface FoundProgram {
  /** `folder`: among the binaries under test; `path`: this machine's own, because the folder has none. */
  readonly from: 'folder' | 'path';
  /** On the host. */
  readonly path: string;
}

/** What the sandbox shows of the host's PATH: /moby/bin stands for the folder. */
const HOST_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function isExecutable(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && (found.mode & 0o111) !== 0;
}

/** Where each program comes from: the folder wins, as it stands first on PATH inside. A missing one is not in the map. */
export function findPrograms(folder: string): Map<string, FoundProgram> {
  const found = new Map<string, FoundProgram>();
  for (const name of PROGRAMS) {
    if (isExecutable(join(folder, name))) {
      found.set(name, { from: 'folder', path: join(folder, name) });
      continue;
    }
    const directory = HOST_DIRECTORIES.find((candidate) => isExecutable(join(candidate, name)));
    if (directory !== undefined) found.set(name, { from: 'path', path: join(directory, name) });
  }
  return found;
}

/** The architecture (GOARCH) that an ELF file is for; null for anything else (a script, say). Throws the file system's error. */
export function elfArch(path: string): string | null {
  const head = Buffer.alloc(20);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  if (head.readUInt32BE(0) !== 0x7f454c46) return null;
  return archOfElf(head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18));
}

/** GOARCH of this machine, from Node's own name. */
export function hostArch(): string {
  return archOfNode(process.arch) ?? process.arch;
}
