import { elfOf, type ElfIdentity } from '../cpus.ts';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './context.ts';

const BINFMT = '/proc/sys/fs/binfmt_misc';

type Emulation = Awaited<ReturnType<Machine['emulation']>>;

/**
 * Whether the kernel runs programs of that architecture, inside containers too, by binfmt_misc. Source: the kernel's
 * admin-guide/binfmt-misc: an entry's file says `enabled`, `flags: F…` (the interpreter is opened beforehand, so that it is
 * found from any root), `magic` in hex.
 */
export async function readEmulation(arch: string, directory: string = BINFMT): Promise<Emulation> {
  if (!existsSync(join(directory, 'status'))) return 'unknown';
  const wanted = elfOf(arch);
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

/**
 * The magic of an ELF entry: byte 4 is the class, byte 5 the byte order, bytes 18 and 19 e_machine in that order. An entry is known by what it
 * matches, since its name is anybody's choice.
 */
function matches(entry: string, wanted: ElfIdentity): boolean {
  const hex = /^magic ([0-9a-f]+)$/m.exec(entry)?.[1];
  if (hex === undefined) return false;
  const magic = Buffer.from(hex, 'hex');
  if (magic.length < 20 || magic.readUInt32BE(0) !== 0x7f454c46 || magic[4] !== (wanted.bits === 64 ? 2 : 1))
    return false;
  return (wanted.endian === 'big' ? magic.readUInt16BE(18) : magic.readUInt16LE(18)) === wanted.number;
}
