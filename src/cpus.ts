/** One CPU architecture under the names that everybody gives it. */
interface CpuFacts {
  /** GOARCH, TARGETARCH, the name in `linux/…`, and the value of `--arch`. */
  readonly arch: string;
  /** false: moby's build has no such platform (docker-bake.hcl, `_platforms`), so it cannot be asked for. */
  readonly built: boolean;
  /** `uname -m` of machines that run it; the first is the one that moby builds for (`linux/arm` means `linux/arm/v7`). */
  readonly uname: readonly string[];
  /** Debian's port (https://www.debian.org/ports/). */
  readonly debian: string;
  /** `process.arch` (https://nodejs.org/api/process.html#processarch). */
  readonly node: string;
  /** Other words that `--arch` takes: LLVM's, and the prefixes of Docker's official images. */
  readonly aliases: readonly string[];
  /** The variant that a build has anyway (`linux/arm64/v8`; github.com/containerd/platforms, normalizeArch), or null. */
  readonly variant: string | null;
  /** How Debian compiles for it elsewhere: the GNU triple, and the package of its C compiler (there from buster on); null: not used here. */
  readonly cross: CrossTools | null;
  readonly elf: ElfIdentity;
}

/** A cross compiler of Debian's. */
export interface CrossTools {
  readonly triple: string;
  readonly compiler: string;
}

/** How ELF files say it (elf.h, `EM_*`, gABI). */
export interface ElfIdentity {
  /** `e_machine`. */
  readonly number: number;
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  /** The name in our documents. */
  readonly name: string;
}

const elf = (number: number, name: string, bits: 32 | 64 = 64, endian: 'little' | 'big' = 'little'): ElfIdentity => ({
  number,
  bits,
  endian,
  name,
});

/** All architectures that are known here. Nothing else in the program has a table of their names. */
const CPUS = [
  {
    arch: 'amd64',
    built: true,
    uname: ['x86_64'],
    debian: 'amd64',
    node: 'x64',
    aliases: ['x64', 'x86-64'],
    variant: 'v1',
    cross: { triple: 'x86_64-linux-gnu', compiler: 'gcc-x86-64-linux-gnu' },
    elf: elf(62, 'x86_64'),
  },
  {
    arch: 'arm64',
    built: true,
    uname: ['aarch64'],
    debian: 'arm64',
    node: 'arm64',
    aliases: ['armv8', 'arm64v8'],
    variant: 'v8',
    cross: { triple: 'aarch64-linux-gnu', compiler: 'gcc-aarch64-linux-gnu' },
    elf: elf(183, 'aarch64'),
  },
  {
    arch: 'arm',
    built: true,
    uname: ['armv7l', 'armv6l'],
    debian: 'armhf',
    node: 'arm',
    aliases: ['armv7', 'armv8l', 'arm32v7'],
    variant: 'v7',
    cross: null,
    elf: elf(40, 'arm', 32),
  },
  {
    arch: 'ppc64le',
    built: true,
    uname: ['ppc64le'],
    debian: 'ppc64el',
    node: 'ppc64',
    aliases: [],
    variant: null,
    cross: null,
    elf: elf(21, 'ppc64le'),
  },
  {
    arch: 's390x',
    built: true,
    uname: ['s390x'],
    debian: 's390x',
    node: 's390x',
    aliases: [],
    variant: null,
    cross: null,
    elf: elf(22, 's390x', 64, 'big'),
  },
  {
    arch: 'riscv64',
    built: true,
    uname: ['riscv64'],
    debian: 'riscv64',
    node: 'riscv64',
    aliases: [],
    variant: null,
    cross: null,
    elf: elf(243, 'riscv64'),
  },
  {
    arch: '386',
    built: true,
    uname: ['i686'],
    debian: 'i386',
    node: 'ia32',
    aliases: ['x86'],
    variant: null,
    cross: null,
    elf: elf(3, 'i386', 32),
  },
  {
    arch: 'loong64',
    built: false,
    uname: ['loongarch64'],
    debian: 'loong64',
    node: 'loong64',
    aliases: [],
    variant: null,
    cross: null,
    elf: elf(258, 'loongarch64'),
  },
] as const satisfies readonly CpuFacts[];

/** GOARCH names that a moby tree can be asked for. Which of them a series builds is checked later, by the tree's own facts. */
export type Arch = Extract<(typeof CPUS)[number], { readonly built: true }>['arch'];

const ALL: readonly CpuFacts[] = CPUS;

export const ARCH_NAMES: readonly Arch[] = CPUS.flatMap((cpu) => (cpu.built ? [cpu.arch] : []));

/** A GOARCH name or another of its names (uname, Debian, LLVM), in any letter case, to the GOARCH name; null for any other word. */
export function archByName(name: string): Arch | null {
  const lower = name.toLowerCase();
  const found = CPUS.find(({ arch, uname, debian, aliases }: CpuFacts) =>
    [arch, uname[0], debian, ...aliases].includes(lower),
  );
  return found?.built === true ? found.arch : null;
}

/** Whether a name is one of a CPU that the table knows, built for or not. */
export function isKnownCpu(name: string): boolean {
  const lower = name.toLowerCase();
  return ALL.some(({ arch, uname, debian, aliases }) => [arch, ...uname, debian, ...aliases].includes(lower));
}

/** `process.arch` to GOARCH; null for a machine that moby is not built for. */
export function archOfNode(nodeArch: string): Arch | null {
  const found = CPUS.find(({ node }) => node === nodeArch);
  return found?.built === true ? found.arch : null;
}

/** The machine's name by uname(2), to GOARCH; a name that is not in the table is taken as it is. */
export function archOfUname(machine: string): string {
  return ALL.find(({ uname }) => uname.includes(machine))?.arch ?? machine;
}

/** What uname says on an architecture; a name that is not in the table is taken as it is. */
export function unameOf(arch: string): string {
  return cpuOf(arch)?.uname[0] ?? arch;
}

/** Debian's name of an architecture; a name that is not in the table is taken as it is. */
export function debianArch(arch: string): string {
  return cpuOf(arch)?.debian ?? arch;
}

/** The cross compiler for an architecture on another one; null where none is used, so that its steps run under emulation. */
export function crossToolsOf(arch: string, on: string): CrossTools | null {
  if (arch === on || (cpuOf(on)?.cross ?? null) === null) return null;
  return cpuOf(arch)?.cross ?? null;
}

/** The variant of a platform that is the architecture itself, or null. */
export function variantOf(arch: Arch): string | null {
  return cpuOf(arch)?.variant ?? null;
}

/** How the ELF files of an architecture say it, or undefined for one that is not in the table. */
export function elfOf(arch: string): ElfIdentity | undefined {
  return cpuOf(arch)?.elf;
}

/** The architecture whose ELF files have this `e_machine`, or null. */
export function archOfElf(number: number): string | null {
  return ALL.find((cpu) => cpu.elf.number === number)?.arch ?? null;
}

function cpuOf(arch: string): CpuFacts | undefined {
  return ALL.find((cpu) => cpu.arch === arch);
}
