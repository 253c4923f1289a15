import { describe, expect, it } from 'vitest';
import {
  ARCH_NAMES,
  archByName,
  archOfElf,
  archOfNode,
  archOfUname,
  debianArch,
  elfOf,
  unameOf,
} from '../../src/cpus.ts';

describe('the names of CPUs', () => {
  it.each([
    ['amd64', 'amd64'],
    ['x86_64', 'amd64'],
    ['X64', 'amd64'],
    ['aarch64', 'arm64'],
    ['armv8', 'arm64'],
    ['armhf', 'arm'],
    ['armv7l', 'arm'],
    ['armv7', 'arm'],
    ['i386', '386'],
    ['i686', '386'],
    ['x86', '386'],
    ['ppc64el', 'ppc64le'],
    ['riscv64', 'riscv64'],
    // Another CPU, an older ARM than moby's default, and one that moby's build does not know.
    ['ppc64', null],
    ['armv6l', null],
    ['loong64', null],
    ['', null],
    ['toString', null],
  ])('--arch %s is %s', (name, arch) => {
    expect(archByName(name)).toBe(arch);
  });

  it.each([
    ['x64', 'amd64'],
    ['ia32', '386'],
    ['ppc64', 'ppc64le'],
    ['arm', 'arm'],
    ['loong64', null],
    ['mips', null],
  ])('a machine that Node calls %s is %s', (name, arch) => {
    expect(archOfNode(name)).toBe(arch);
  });

  it.each([
    ['x86_64', 'amd64'],
    ['armv6l', 'arm'],
    ['armv7l', 'arm'],
    ['loongarch64', 'loong64'],
    ['sparc64', 'sparc64'],
  ])('a machine that uname calls %s is %s', (name, arch) => {
    expect(archOfUname(name)).toBe(arch);
  });

  it.each(ARCH_NAMES.map((arch) => [arch]))('%s is found again by each of its names', (arch) => {
    expect(archByName(arch)).toBe(arch);
    expect(archByName(debianArch(arch))).toBe(arch);
    expect(archByName(unameOf(arch))).toBe(arch);
    expect(archOfUname(unameOf(arch))).toBe(arch);
    expect(archOfElf(elfOf(arch)?.number ?? 0)).toBe(arch);
  });

  it('leave alone what they do not know', () => {
    expect([debianArch('mips'), unameOf('mips'), elfOf('mips'), archOfElf(2)]).toEqual([
      'mips',
      'mips',
      undefined,
      null,
    ]);
  });
});
