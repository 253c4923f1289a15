import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './context.ts';

const BINFMT = '/proc/sys/fs/binfmt_misc';

/** ELF e_machine (elf.h, EM_*) by GOARCH: an entry is known by what it matches, since its name is anybody's choice. */
const ELF_MACHINE: Readonly<
  Record<string, { readonly machine: number; readonly bits: 1 | 2; readonly bigEndian?: boolean }>
> = {
  '386': { machine: 3, bits: 1 },
  amd64: { machine: 62, bits: 2 },
  arm: { machine: 40, bits: 1 },
  arm64: { machine: 183, bits: 2 },
  ppc64le: { machine: 21, bits: 2 },
  riscv64: { machine: 243, bits: 2 },
  s390x: { machine: 22, bits: 2, bigEndian: true },
};

type Emulation = Awaited<ReturnType<Machine['emulation']>>;

/**
 * Whether the kernel runs programs of that architecture, inside containers too, by binfmt_misc. Source: the kernel's
 * admin-guide/binfmt-misc: an entry's file says `enabled`, `flags: F…` (the interpreter is opened beforehand, so that it is
 * found from any root), `magic` in hex.
 */
export async function readEmulation(arch: string, directory: string = BINFMT): Promise<Emulation> {
  if (!existsSync(join(directory, 'status'))) return 'unknown';
  const wanted = ELF_MACHINE[arch];
  if (wanted === undefined) return 'unknown';
  const on = (await readFile(join(directory, 'status'), 'utf8')).trim() === 'enabled';
  const found: Emulation[] = [];
  for (const name of await readdir(directory)) {
    if (name === 'status' || name === 'register') continue;
    const entry = await readFile(join(directory, name), 'utf8');
    if (!matches(entry, wanted)) continue;
    if (!on || !/^enabled$/m.test(entry)) found.push('disabled');
    else found.push(/^flags: .*F/m.test(entry) ? 'ready' : 'not-in-containers');
  }
  return (['ready', 'not-in-containers', 'disabled'] as const).find((state) => found.includes(state)) ?? 'absent';
}

/** The magic of an ELF entry: byte 4 is the class, byte 5 the byte order, bytes 18 and 19 e_machine in that order. */
function matches(
  entry: string,
  wanted: { readonly machine: number; readonly bits: 1 | 2; readonly bigEndian?: boolean },
): boolean {
  const hex = /^magic ([0-9a-f]+)$/m.exec(entry)?.[1];
  if (hex === undefined) return false;
  const magic = Buffer.from(hex, 'hex');
  if (magic.length < 20 || magic.readUInt32BE(0) !== 0x7f454c46 || magic[4] !== wanted.bits) return false;
  return (wanted.bigEndian === true ? magic.readUInt16BE(18) : magic.readUInt16LE(18)) === wanted.machine;
}
