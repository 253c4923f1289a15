import { DATA_ADDRESS, DATA_SIZE, probeData, probeProgram } from './program.ts';
import { staticElf } from './static-elf.ts';

/**
 * The probe as a static ELF executable, for this architecture (GOARCH), or null where we have no encoder. It needs no compiler, no libc and no
 * image: whatever machine runs moby-build can make it.
 */
export function probeBinary(arch: string): Uint8Array | null {
  return staticElf(arch, probeProgram(), { address: DATA_ADDRESS, bytes: probeData(), size: DATA_SIZE });
}
