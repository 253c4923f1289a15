import { elfOf } from '../../cpus.ts';

/** Names of packages that hold the same files as ours, by the binary that both hold. */
interface Holders {
  readonly binary: string;
  /** Debian's, Docker's and Microsoft's names. */
  readonly deb: readonly string[];
  /** Fedora's, Docker's and Microsoft's names. */
  readonly rpm: readonly string[];
}

/** Sources: the control files of docker.io, containerd and runc in Debian; docker-ce-packaging; Azure/moby-packaging; Fedora's specs. */
const HOLDERS: readonly Holders[] = [
  {
    binary: 'dockerd',
    deb: ['docker.io', 'docker-ce', 'docker-engine', 'moby-engine'],
    rpm: ['docker', 'docker-ce', 'docker-engine', 'moby-engine'],
  },
  {
    binary: 'containerd',
    deb: ['containerd', 'containerd.io', 'moby-containerd'],
    rpm: ['containerd', 'containerd.io', 'moby-containerd'],
  },
  { binary: 'runc', deb: ['runc', 'moby-runc'], rpm: ['runc', 'moby-runc'] },
  { binary: 'docker-init', deb: ['moby-tini'], rpm: ['moby-tini', 'tini'] },
  {
    binary: 'rootlesskit',
    deb: ['rootlesskit', 'docker-ce-rootless-extras'],
    rpm: ['rootlesskit', 'docker-ce-rootless-extras'],
  },
  {
    binary: 'docker',
    deb: ['docker-cli', 'docker-ce-cli', 'moby-cli'],
    rpm: ['docker-cli', 'docker-ce-cli', 'moby-cli'],
  },
];

/** The packages that cannot be installed beside one with these binaries, in a fixed order. Pure. */
export function othersOf(binaries: readonly string[], format: 'deb' | 'rpm'): readonly string[] {
  return HOLDERS.filter(({ binary }) => binaries.includes(binary)).flatMap((holders) => holders[format]);
}

/**
 * What the libraries that binaries name mean as requirements of an rpm: the marks that rpm itself gives to what a 64-bit library provides
 * (rpm, tools/elfdeps.c). Without the mark, dnf would look for a 32-bit library. Pure.
 *
 * @param arch GOARCH
 */
export function libraryRequirements(sonames: readonly string[], arch: string): readonly string[] {
  const mark = elfOf(arch)?.bits === 64 ? '()(64bit)' : '';
  return sonames.map((soname) => `${soname}${mark}`);
}

/** Debian's packages of the libraries that a moby built with dynamic linking needs, by soname. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libc.so.6': 'libc6',
  'libdl.so.2': 'libc6',
  'libm.so.6': 'libc6',
  'libpthread.so.0': 'libc6',
  'libresolv.so.2': 'libc6',
  'libdevmapper.so.1.02.1': 'libdevmapper1.02.1',
  'libseccomp.so.2': 'libseccomp2',
  'libsystemd.so.0': 'libsystemd0',
  'libbtrfs.so.0': 'libbtrfs0',
};
/** The loaders belong to libc6, whatever their name. */
const LOADER = /^ld(?:-linux.*|64)?\.so\.\d+$/u;

/**
 * What the libraries that binaries name (DT_NEEDED) mean as dependencies of a deb.
 *
 * @param glibc the newest GLIBC_ version that they need, or null where none is named
 * @returns `unknown`: sonames that the table does not have; the dependencies would not be true without them. Pure.
 */
export function libraryDependencies(
  sonames: readonly string[],
  glibc: string | null,
): { readonly depends: readonly string[]; readonly unknown: readonly string[] } {
  const packages = new Set<string>();
  const unknown: string[] = [];
  for (const soname of sonames) {
    const found = LOADER.test(soname) ? 'libc6' : LIBRARIES[soname];
    if (found === undefined) unknown.push(soname);
    else packages.add(found);
  }
  const depends = [...packages].sort();
  return {
    depends: depends.map((name) => (name === 'libc6' && glibc !== null ? `libc6 (>= ${glibc})` : name)),
    unknown,
  };
}
