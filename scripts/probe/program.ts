import { LISTENING, PROBE_PORT } from '../../src/smoke/probe/probe-binary.ts';
import { staticElf } from './static-elf.ts';
import type { Condition, Instruction, Operand, Register, SystemCall } from './instructions.ts';

/** Addresses in the running program: writable memory, 64 KiB of it, that starts as `DATA`. */
const DATA_ADDRESS = 0x10000000;
const DATA_SIZE = 0x10000;

const BUFFER = DATA_ADDRESS + 0x1000;
const BUFFER_SIZE = 4096;
const SOCKET_ADDRESS = DATA_ADDRESS;
const INTERFACE_REQUEST = DATA_ADDRESS + 0x20;
const LISTENING_TEXT = DATA_ADDRESS + 0x60;

/** From linux/socket.h, linux/sockios.h, linux/if.h and fcntl.h; the same on both architectures. */
const AF_INET = 2;
const SOCK_STREAM = 1;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 1;
const AT_FDCWD = -100;
const O_WRONLY_CREAT = 0o101;

/** The first bytes of the writable memory: a sockaddr_in, an ifreq for `lo`, and a text. */
function probeData(): Uint8Array {
  const data = Buffer.alloc(0x80);
  data.writeUInt16LE(AF_INET, 0);
  data.writeUInt16BE(PROBE_PORT, 2);
  data.write('lo', 0x20, 'latin1');
  data.writeUInt16LE(IFF_UP, 0x20 + 16);
  data.write(LISTENING, 0x60, 'latin1');
  return data;
}

const v = (reg: Register): Operand => ({ reg });
const label = (name: string): Instruction => ({ op: 'label', name });
const copy = (to: Register, from: Register): Instruction => ({ op: 'copy', to, from });
const add = (to: Register, value: number): Instruction => ({ op: 'add', to, value });
const jump = (to: string): Instruction => ({ op: 'jump', to });
const when = (reg: Register, is: Condition, value: number, to: string): Instruction => ({
  op: 'jump-if',
  reg,
  is,
  value,
  to,
});
const call = (name: SystemCall, operands: readonly Operand[], result: Register = 5): Instruction => ({
  op: 'call',
  name,
  with: operands,
  result,
});

/** v3 := the length of the text at v1, and on to `then`. */
const lengthOf = (then: string): Instruction[] => [
  copy(3, 1),
  label(`${then}-length`),
  { op: 'load-byte', to: 4, at: 3 },
  when(4, 'equal', 0, then),
  add(3, 1),
  jump(`${then}-length`),
  label(then),
  { op: 'subtract', to: 3, from: 1 },
];

/**
 * The probe: a program that does what its arguments say, one after the other. The first character is the deed, the rest its text:
 *
 * `p` print the text, `e` print it on stderr, `c` show that file, `w` write that path into the file of that path, `x` leave with the next
 * character's code (`x*` is 42), `s` sleep until a signal, `l` listen on port 8080 and answer every request with the text, `u` set `lo` up. Without `x` it leaves with 0;
 * 90 to 93 say that a file, a socket, `lo` or the deed itself failed.
 *
 * v0: the next argument's place; v1: the text; v2: the deed; v3 and v4 are free; v5: results nobody wants.
 */
function probeProgram(): Instruction[] {
  return [
    { op: 'stack', to: 0 },
    add(0, 16),
    label('next'),
    { op: 'load-word', to: 1, at: 0 },
    when(1, 'equal', 0, 'done'),
    add(0, 8),
    { op: 'load-byte', to: 2, at: 1 },
    add(1, 1),
    ...Array.from('pecwxslu', (letter) => when(2, 'equal', letter.charCodeAt(0), letter)),
    call('exit_group', [93]),

    label('p'),
    ...lengthOf('p-write'),
    call('write', [1, v(1), v(3)]),
    jump('next'),

    label('e'),
    ...lengthOf('e-write'),
    call('write', [2, v(1), v(3)]),
    jump('next'),

    label('c'),
    call('openat', [AT_FDCWD, v(1), 0, 0], 3),
    when(3, 'less', 0, 'no-file'),
    label('c-more'),
    call('read', [v(3), BUFFER, BUFFER_SIZE], 4),
    when(4, 'less-or-equal', 0, 'c-end'),
    call('write', [1, BUFFER, v(4)]),
    jump('c-more'),
    label('c-end'),
    call('close', [v(3)]),
    jump('next'),

    label('w'),
    call('openat', [AT_FDCWD, v(1), O_WRONLY_CREAT, 0o644], 2),
    when(2, 'less', 0, 'no-file'),
    ...lengthOf('w-write'),
    call('write', [v(2), v(1), v(3)]),
    call('close', [v(2)]),
    jump('next'),

    label('x'),
    { op: 'load-byte', to: 3, at: 1 },
    call('exit_group', [v(3)]),

    label('s'),
    call('ppoll', [0, 0, 0, 0, 0]),
    jump('s'),

    label('l'),
    call('socket', [AF_INET, SOCK_STREAM, 0], 2),
    call('bind', [v(2), SOCKET_ADDRESS, 16], 4),
    when(4, 'unequal', 0, 'no-socket'),
    call('listen', [v(2), 8], 4),
    when(4, 'unequal', 0, 'no-socket'),
    call('write', [1, LISTENING_TEXT, LISTENING.length]),
    ...lengthOf('l-accept'),
    // v3 keeps the length: accepted connections are v4.
    label('l-next'),
    call('accept4', [v(2), 0, 0, 0], 4),
    when(4, 'less', 0, 'l-next'),
    call('read', [v(4), BUFFER, BUFFER_SIZE]),
    call('write', [v(4), v(1), v(3)]),
    call('close', [v(4)]),
    jump('l-next'),

    label('u'),
    call('socket', [AF_INET, SOCK_STREAM, 0], 3),
    call('ioctl', [v(3), SIOCSIFFLAGS, INTERFACE_REQUEST], 4),
    when(4, 'unequal', 0, 'no-lo'),
    jump('next'),

    label('done'),
    call('exit_group', [0]),
    label('no-file'),
    call('exit_group', [90]),
    label('no-socket'),
    call('exit_group', [91]),
    label('no-lo'),
    call('exit_group', [92]),
  ];
}

/** The probe as a static ELF executable for this architecture (GOARCH). Throws Error for one that has no encoder. */
export function assembleProbe(arch: string): Uint8Array {
  const bytes = staticElf(arch, probeProgram(), { address: DATA_ADDRESS, bytes: probeData(), size: DATA_SIZE });
  if (bytes === null) throw new Error(`no program can be made for ${arch}`);
  return bytes;
}
