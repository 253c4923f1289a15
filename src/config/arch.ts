import type { Arch } from '../types.ts';

/** GOARCH names that a moby tree can be asked for. Which of them a given series builds is checked later, by the tree's own facts. */
export const ARCH_NAMES = [
  'amd64',
  'arm64',
  'arm',
  'ppc64le',
  's390x',
  'riscv64',
  '386',
] as const satisfies readonly Arch[];

/** Other names for the same machines: uname -m, Debian, LLVM. */
const ALIASES: Readonly<Record<string, Arch>> = {
  x86_64: 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  armv8: 'arm64',
  armhf: 'arm',
  armv7l: 'arm',
  armv7: 'arm',
  i386: '386',
  i686: '386',
  x86: '386',
  ppc64el: 'ppc64le',
};

/** Node's `process.arch` where it differs from GOARCH (https://nodejs.org/api/process.html#processarch). */
const NODE_NAMES: Readonly<Record<string, Arch>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** A GOARCH name or one of its aliases, in any letter case, to the GOARCH name; null for a name nobody knows. */
export function archByName(name: string): Arch | null {
  const lower = name.toLowerCase();
  const known = ARCH_NAMES.find((arch) => arch === lower);
  return known ?? (Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? null) : null);
}

/** `process.arch` to GOARCH; null for a machine that moby is not built for. */
export function archOfNode(nodeArch: string): Arch | null {
  return (Object.hasOwn(NODE_NAMES, nodeArch) ? NODE_NAMES[nodeArch] : undefined) ?? archByName(nodeArch);
}
