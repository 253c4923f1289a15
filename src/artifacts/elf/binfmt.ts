import { openSync, readdirSync, readFileSync, readSync, closeSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import type { ElfFacts } from './elf-format.ts';

/** Where the kernel lists what starts foreign programs. */
const BINFMT_DIR = '/proc/sys/fs/binfmt_misc';
/** The kernel looks no further into a file (BINPRM_BUF_SIZE). */
const HEAD_BYTES = 256;

/**
 * Whether this machine can start a program: it is for this very machine, or an emulator is registered for such files. Asked before it
 * is started, because libuv's execvp hands a file that the kernel refuses to /bin/sh, as POSIX wants it.
 */
export function canRunHere(format: ElfFacts, path: string): boolean {
  return format.machine === machine() || binfmtEntries().some((entry) => binfmtMatches(entry, head(path)));
}

/** The enabled entries' texts; none where binfmt_misc is not mounted. */
function binfmtEntries(): string[] {
  try {
    if (readFileSync(join(BINFMT_DIR, 'status'), 'utf8').trim() !== 'enabled') return [];
    return readdirSync(BINFMT_DIR)
      .filter((name) => name !== 'status' && name !== 'register')
      .map((name) => readFileSync(join(BINFMT_DIR, name), 'utf8'));
  } catch (cause) {
    if (['ENOENT', 'EACCES'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw cause;
  }
}

/**
 * Whether an entry takes a file that begins with `head`. Entries by extension do not count. Pure.
 * Source: Linux, Documentation/admin-guide/binfmt-misc.rst.
 */
export function binfmtMatches(entry: string, head: Uint8Array): boolean {
  const lines = entry.split('\n');
  if (lines[0] !== 'enabled') return false;
  const value = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1)
      .trim();
  const magic = Buffer.from(value('magic') ?? '', 'hex');
  if (magic.length === 0) return false;
  const mask = Buffer.from(value('mask') ?? 'ff'.repeat(magic.length), 'hex');
  const offset = Number(value('offset') ?? 0);
  return magic.every((byte, n) => (((head[offset + n] ?? 0) ^ byte) & (mask[n] ?? 0xff)) === 0);
}

function head(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
