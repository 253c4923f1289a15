import type { Instruction } from '../../scripts/probe/instructions.ts';
import { staticElf } from '../../scripts/probe/static-elf.ts';

const DATA_ADDRESS = 0x10000000;
/** Room for what it says; the text ends with a zero byte. */
const SAYS_SIZE = 256;
const REFUSAL = 'flag provided but not defined\nUsage of this program:\n';

/** A program as a build leaves it, and where in the file its words stand, for whoever changes them. */
export interface AnsweringProgram {
  readonly bytes: Uint8Array;
  readonly saysAt: number;
}

/**
 * A real, static program that answers one option with a text and exit code 0, and everything else as Go's flag package does: usage on
 * stderr, exit code 2. Made without a compiler.
 *
 * @param option the only argument that it knows; null: none
 * @param arch GOARCH
 * @throws Error for an architecture that has no encoder
 */
export function answeringProgram(arch: string, option: string | null, says: string = ''): AnsweringProgram {
  const data = Buffer.alloc(SAYS_SIZE + REFUSAL.length);
  if (Buffer.byteLength(says) >= SAYS_SIZE) throw new Error(`too long: ${says}`);
  data.write(says, 0);
  data.write(REFUSAL, SAYS_SIZE);
  const program: Instruction[] = [
    { op: 'stack', to: 0 },
    { op: 'add', to: 0, value: 16 },
    { op: 'load-word', to: 1, at: 0 },
    { op: 'jump-if', reg: 1, is: 'equal', value: 0, to: 'refuse' },
    ...Array.from(`${option ?? ''}\0`, (letter): Instruction[] => [
      { op: 'load-byte', to: 2, at: 1 },
      { op: 'jump-if', reg: 2, is: 'unequal', value: letter.charCodeAt(0), to: 'refuse' },
      { op: 'add', to: 1, value: 1 },
    ]).flat(),
    ...(option === null ? [{ op: 'jump', to: 'refuse' } as const] : []),
    { op: 'set', to: 1, value: DATA_ADDRESS },
    { op: 'copy', to: 3, from: 1 },
    { op: 'label', name: 'length' },
    { op: 'load-byte', to: 4, at: 3 },
    { op: 'jump-if', reg: 4, is: 'equal', value: 0, to: 'say' },
    { op: 'add', to: 3, value: 1 },
    { op: 'jump', to: 'length' },
    { op: 'label', name: 'say' },
    { op: 'subtract', to: 3, from: 1 },
    { op: 'call', name: 'write', with: [1, { reg: 1 }, { reg: 3 }], result: 5 },
    { op: 'call', name: 'exit_group', with: [0], result: 5 },
    { op: 'label', name: 'refuse' },
    { op: 'call', name: 'write', with: [2, DATA_ADDRESS + SAYS_SIZE, REFUSAL.length], result: 5 },
    { op: 'call', name: 'exit_group', with: [2], result: 5 },
  ];
  const bytes = staticElf(arch, program, { address: DATA_ADDRESS, bytes: data, size: data.length });
  if (bytes === null) throw new Error(`no program can be made for ${arch}`);
  return { bytes, saysAt: bytes.length - data.length };
}

/** A real, static program that never ends, whatever it is asked. Throws as `answeringProgram`. */
export function hangingProgram(arch: string): Uint8Array {
  const program: Instruction[] = [
    { op: 'label', name: 'wait' },
    { op: 'call', name: 'ppoll', with: [0, 0, 0, 0, 0], result: 5 },
    { op: 'jump', to: 'wait' },
  ];
  const bytes = staticElf(arch, program, { address: DATA_ADDRESS, bytes: Buffer.alloc(8), size: 8 });
  if (bytes === null) throw new Error(`no program can be made for ${arch}`);
  return bytes;
}

/** openat(2): in the working directory; for writing, and made where it is not there. */
const [AT_FDCWD, O_WRONLY_CREAT] = [-100, 0o101];

/**
 * A real, static program that leaves an empty file whenever it is started, whatever it is asked; a test sees by it whether it was started.
 *
 * @param path absolute, where it leaves the file
 */
export function markingProgram(arch: string, path: string): Uint8Array {
  const data = Buffer.from(`${path}\0`);
  const program: Instruction[] = [
    { op: 'call', name: 'openat', with: [AT_FDCWD, DATA_ADDRESS, O_WRONLY_CREAT, 0o644], result: 5 },
    { op: 'call', name: 'exit_group', with: [0], result: 5 },
  ];
  const bytes = staticElf(arch, program, { address: DATA_ADDRESS, bytes: data, size: data.length });
  if (bytes === null) throw new Error(`no program can be made for ${arch}`);
  return bytes;
}

const CONTAINERD = 'github.com/containerd/containerd v1.4.12';
const CONTAINERD_COMMIT = '7b11cfaabd73bb80907dd23182b9347b4245eb5d';

/** What the programs of a genuine v20.10.12 print, and by which option: unit/artifacts/genuine-builds.json. dockerd is told what to say. */
const PROGRAMS: Readonly<Record<string, readonly [option: string | null, says: string]>> = {
  dockerd: ['--version', ''],
  containerd: ['--version', `containerd ${CONTAINERD} ${CONTAINERD_COMMIT}\n`],
  'containerd-shim': [null, ''],
  'containerd-shim-runc-v2': [
    '-v',
    `containerd-shim-runc-v2:\n  Version:  v1.4.12\n  Revision: ${CONTAINERD_COMMIT}\n`,
  ],
  ctr: ['--version', `ctr ${CONTAINERD}\n`],
  runc: ['--version', 'runc version 1.0.2\ncommit: v1.0.2-0-g52b36a2d\nspec: 1.0.2-dev\n'],
  'docker-init': ['--version', 'tini version 0.19.0 - git.de40ad0\n'],
  'docker-proxy': [null, ''],
  // The proxy of 23.0 and later; whoever leaves it tells it what to say.
  'stamped-proxy': ['--version', ''],
  rootlesskit: ['--version', 'rootlesskit version 0.14.4\n'],
  'rootlesskit-docker-proxy': [null, ''],
  vpnkit: ['--version', '0.5.0\n'],
};

/** The programs of a genuine v20.10.12 by name, for this architecture (GOARCH). */
export function genuinePrograms(arch: string): ReadonlyMap<string, AnsweringProgram> {
  return new Map(
    Object.entries(PROGRAMS).map(([name, [option, says]]) => [name, answeringProgram(arch, option, says)]),
  );
}
