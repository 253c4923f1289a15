import type { Condition, Encoded, Encoder, Operand, SystemCall } from './instructions.ts';

/** arch/x86/entry/syscalls/syscall_64.tbl */
const NUMBERS: Readonly<Record<SystemCall, number>> = {
  read: 0,
  write: 1,
  close: 3,
  ioctl: 16,
  socket: 41,
  bind: 49,
  listen: 50,
  exit_group: 231,
  openat: 257,
  ppoll: 271,
  accept4: 288,
};

const CONDITIONS: Readonly<Record<Condition, number>> = {
  equal: 0x84,
  unequal: 0x85,
  less: 0x8c,
  'less-or-equal': 0x8e,
};

/** rbx, rbp, r12, r13, r14, r15: the kernel keeps them (it changes rax, rcx and r11 only). */
const HOMES = [3, 5, 12, 13, 14, 15] as const;
/** rdi, rsi, rdx, r10, r8, r9: where a system call looks for its arguments. */
const ARGUMENTS = [7, 6, 2, 10, 8, 9] as const;
const RAX = 0;
const RSP = 4;

const home = (v: number): number => HOMES[v] ?? 3;

function littleEndian(value: number, count: 4 | 8): number[] {
  let bits = BigInt.asUintN(count * 8, BigInt(value));
  return Array.from({ length: count }, () => {
    const byte = Number(bits & 0xffn);
    bits >>= 8n;
    return byte;
  });
}

/** REX.W with the high bits of ModRM.reg and ModRM.rm. */
const rex = (reg: number, rm: number): number => 0x48 | ((reg >> 3) << 2) | (rm >> 3);
const between = (reg: number, rm: number): number => 0xc0 | ((reg & 7) << 3) | (rm & 7);

const set = (to: number, value: number): Encoded => ({
  bytes: [rex(0, to), 0xb8 | (to & 7), ...littleEndian(value, 8)],
});
const copy = (to: number, from: number): Encoded => ({ bytes: [rex(from, to), 0x89, between(from, to)] });

/** `[base + 0]` with an 8-bit displacement, which every base takes; r12 (as rsp) wants a SIB byte. */
function load(opcode: readonly number[], to: number, base: number): Encoded {
  const sib = (base & 7) === RSP ? [0x24] : [];
  return { bytes: [rex(to, base), ...opcode, 0x40 | ((to & 7) << 3) | (base & 7), ...sib, 0] };
}

function argument(index: number, operand: Operand): Encoded {
  const to = ARGUMENTS[index] ?? 9;
  return typeof operand === 'number' ? set(to, operand) : copy(to, home(operand.reg));
}

/** A branch whose last four bytes are the distance from its end. */
function branch(opcode: readonly number[], label: string): Encoded {
  return {
    bytes: [...opcode, 0, 0, 0, 0],
    branch: {
      label,
      patch: (bytes, distance) => {
        bytes.splice(opcode.length, 4, ...littleEndian(distance - opcode.length - 4, 4));
      },
    },
  };
}

/** Encodings: Intel SDM volume 2. */
export const AMD64: Encoder = {
  machine: 62,
  encode: (instruction) => {
    switch (instruction.op) {
      case 'set':
        return [set(home(instruction.to), instruction.value)];
      case 'copy':
        return [copy(home(instruction.to), home(instruction.from))];
      case 'stack':
        return [copy(home(instruction.to), RSP)];
      case 'add': {
        const to = home(instruction.to);
        return [{ bytes: [rex(0, to), 0x81, between(0, to), ...littleEndian(instruction.value, 4)] }];
      }
      case 'subtract': {
        const [to, from] = [home(instruction.to), home(instruction.from)];
        return [{ bytes: [rex(from, to), 0x29, between(from, to)] }];
      }
      case 'load-byte':
        return [load([0x0f, 0xb6], home(instruction.to), home(instruction.at))];
      case 'load-word':
        return [load([0x8b], home(instruction.to), home(instruction.at))];
      case 'jump':
        return [branch([0xe9], instruction.to)];
      case 'jump-if': {
        const reg = home(instruction.reg);
        return [
          { bytes: [rex(0, reg), 0x81, between(7, reg), ...littleEndian(instruction.value, 4)] },
          branch([0x0f, CONDITIONS[instruction.is]], instruction.to),
        ];
      }
      case 'call':
        return [
          ...instruction.with.map((operand, index) => argument(index, operand)),
          set(RAX, NUMBERS[instruction.name]),
          { bytes: [0x0f, 0x05] },
          copy(home(instruction.result), RAX),
        ];
    }
  },
};
