import { debianArch, unameOf } from '../../cpus.ts';
/** What commands say of the machine that a stage runs on. */

/** `go env`: the tools that cgo calls. Rule: `go help environment`; xx-go puts the target's triple before them. */
const GO_TOOLS: ReadonlyMap<string, string> = new Map([
  ['PKG_CONFIG', 'pkg-config'],
  ['CC', 'gcc'],
  ['CXX', 'g++'],
  ['AR', 'ar'],
]);

/** The machine that a stage runs on. */
export interface Machine {
  /** As in TARGETARCH. It is read only where an answer needs it. */
  readonly arch: string;
}

/**
 * The output of a command that asks for the platform, or null.
 * In: its words, and the machine.
 */
export function machineAnswer(words: readonly string[], machine: Machine): string | null {
  const [name, first = '', second = ''] = words;
  const plain = (): string => machine.arch.split('/')[0] ?? machine.arch;
  if (name === 'uname') {
    if (first === '-m' || first === '-p' || first === '--machine') return unameOf(plain());
    return first === '' || first === '-s' ? 'Linux' : null;
  }
  if (name === 'dpkg' && first === '--print-architecture') return debianArch(plain());
  if ((name === 'go' || name === 'xx-go') && first === 'env') {
    if (second === 'GOARCH' || second === 'GOHOSTARCH') return plain();
    return second === 'GOOS' || second === 'GOHOSTOS' ? 'linux' : (GO_TOOLS.get(second) ?? null);
  }
  if (name === 'xx-info') {
    if (first === 'march') return unameOf(plain());
    if (first === 'arch') return plain();
    if (first === 'os') return 'linux';
    if (first === 'debian-arch') return debianArch(plain());
  }
  return null;
}
