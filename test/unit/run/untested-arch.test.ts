import { describe, expect, it } from 'vitest';
import { readArch } from '../../../src/config/read-arch.ts';
import { untestedArchNote } from '../../../src/run/notes/untested-arch.ts';
import type { Tree } from '../../../src/types.ts';

const BAKE: Tree = new Map([
  ['docker-bake.hcl', { text: 'platforms = ["linux/amd64", "linux/arm/v7", "linux/s390x"]', mode: '100644' }],
]);

describe('an architecture that nobody tried', () => {
  it.each([
    ['s390x', 'bookworm', /list of platforms .* has it/u, /verify/u],
    ['arm', 'bullseye', /list of platforms .* has it/u, /verify/u],
    ['386', null, /does not have it/u, /verify/u],
    ['riscv64', 'bookworm', /does not have it/u, /from trixie on.*--suite trixie/u],
    ['riscv64', 'trixie', /does not have it/u, /verify/u],
  ])('%s on %s is planned, and said', (arch, suite, message, hint) => {
    const note = untestedArchNote(arch, BAKE, suite);
    expect(note).toMatchObject({ level: 'warning', code: 'untested-arch' });
    expect(note?.message).toMatch(message);
    expect(note?.hint).toMatch(hint);
  });

  it.each(['amd64', 'arm64'])('%s is a tested one', (arch) => {
    expect(untestedArchNote(arch, BAKE, 'bookworm')).toBeNull();
  });
});

describe('architectures as people write them', () => {
  it.each([
    ['armv7l', 'arm'],
    ['armhf', 'arm'],
    ['linux/arm/v7', 'arm'],
    ['aarch64', 'arm64'],
    ['x86_64', 'amd64'],
    ['ppc64el', 'ppc64le'],
    ['linux/riscv64', 'riscv64'],
    ['S390X', 's390x'],
  ])('%s is %s', (text, arch) => {
    expect(readArch(text)).toEqual({ arch });
  });

  it.each([
    ['loong64', /none that moby is built for: docker-bake\.hcl lists no loong64/u],
    ['linux/loongarch64', /none that moby is built for/u],
    ['arm/v6', /ARMv7 here: the armhf of Debian/u],
    ['armv6l', /ARMv7 here/u],
    ['mips64le', /must be one of amd64/u],
  ])('%s is refused with what is known', (text, problem) => {
    expect(readArch(text)).toMatchObject({ problem: expect.stringMatching(problem) as string });
  });
});
