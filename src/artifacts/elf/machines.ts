/** GOARCH to the machine's name in ELF files and uname(2). */
const MACHINE_OF: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  arm: 'arm',
  '386': 'i386',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

/** `arm64` → `aarch64`; a name that is not in the table is taken as it is. */
export function machineOf(arch: string): string {
  return MACHINE_OF[arch] ?? arch;
}

/** `aarch64` → `arm64`; a name that is not in the table is taken as it is. */
export function archOf(machine: string): string {
  return Object.keys(MACHINE_OF).find((arch) => MACHINE_OF[arch] === machine) ?? machine;
}
