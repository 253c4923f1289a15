import type { Condition, Encoded, Encoder, Operand, SystemCall } from './instructions.ts';

/** include/uapi/asm-generic/unistd.h */
const NUMBERS: Readonly<Record<SystemCall, number>> = {
  ioctl: 29,
  openat: 56,
  close: 57,
  read: 63,
  write: 64,
  ppoll: 73,
  exit_group: 94,
  socket: 198,
  bind: 200,
  listen: 201,
  accept4: 242,
};

const CONDITIONS: Readonly<Record<Condition, number>> = { equal: 0, unequal: 1, less: 11, 'less-or-equal': 13 };

/** x19 and on: callee-saved, and the kernel keeps all but x0. */
const register = (v: number): number => 19 + v;

const word = (value: number): Encoded => ({
  bytes: [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255],
});

function set(xd: number, value: number): Encoded[] {
  const bits = BigInt.asUintN(64, BigInt(value));
  return [0, 1, 2, 3].map((half) => {
    const piece = Number((bits >> BigInt(16 * half)) & 0xffffn);
    return word((half === 0 ? 0xd2800000 : 0xf2800000) | (half << 21) | (piece << 5) | xd);
  });
}

const copy = (xd: number, xm: number): Encoded => word(0xaa0003e0 | (xm << 16) | xd);

function argument(index: number, operand: Operand): Encoded[] {
  return typeof operand === 'number' ? set(index, operand) : [copy(index, register(operand.reg))];
}

function patchWord(bytes: number[], bits: number): void {
  const old = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16) | ((bytes[3] ?? 0) << 24);
  bytes.splice(0, 4, ...word(old | bits).bytes);
}

/** Encodings: Arm Architecture Reference Manual for A-profile, C6. */
export const ARM64: Encoder = {
  machine: 183,
  encode: (instruction) => {
    switch (instruction.op) {
      case 'set':
        return set(register(instruction.to), instruction.value);
      case 'copy':
        return [copy(register(instruction.to), register(instruction.from))];
      case 'stack':
        return [word(0x910003e0 | register(instruction.to))];
      case 'add': {
        const x = register(instruction.to);
        return [word(0x91000000 | (instruction.value << 10) | (x << 5) | x)];
      }
      case 'subtract': {
        const x = register(instruction.to);
        return [word(0xcb000000 | (register(instruction.from) << 16) | (x << 5) | x)];
      }
      case 'load-byte':
        return [word(0x39400000 | (register(instruction.at) << 5) | register(instruction.to))];
      case 'load-word':
        return [word(0xf9400000 | (register(instruction.at) << 5) | register(instruction.to))];
      case 'jump':
        return [
          {
            ...word(0x14000000),
            branch: {
              label: instruction.to,
              patch: (bytes, distance) => {
                patchWord(bytes, (distance / 4) & 0x3ffffff);
              },
            },
          },
        ];
      case 'jump-if':
        return [
          word(0xf100001f | (instruction.value << 10) | (register(instruction.reg) << 5)),
          {
            ...word(0x54000000 | CONDITIONS[instruction.is]),
            branch: {
              label: instruction.to,
              patch: (bytes, distance) => {
                patchWord(bytes, ((distance / 4) & 0x7ffff) << 5);
              },
            },
          },
        ];
      case 'call':
        return [
          ...instruction.with.flatMap((operand, index) => argument(index, operand)),
          ...set(8, NUMBERS[instruction.name]),
          word(0xd4000001),
          copy(register(instruction.result), 0),
        ];
    }
  },
};
