/**
 * The few instructions that the probe is written in. Every operand is a 64-bit register `v0`…`v5`, which a system call leaves alone.
 * Each architecture has one encoder for them (encode-amd64.ts, encode-arm64.ts).
 */
export type Register = 0 | 1 | 2 | 3 | 4 | 5;

export type Condition = 'equal' | 'unequal' | 'less' | 'less-or-equal';

/** What a system call is given: a register or a number. */
export type Operand = { readonly reg: Register } | number;

export type SystemCall =
  'read' | 'write' | 'openat' | 'close' | 'ppoll' | 'exit_group' | 'socket' | 'bind' | 'listen' | 'accept4' | 'ioctl';

export type Instruction =
  /** A place to jump to. */
  | { readonly op: 'label'; readonly name: string }
  | { readonly op: 'set'; readonly to: Register; readonly value: number }
  | { readonly op: 'copy'; readonly to: Register; readonly from: Register }
  /** The stack pointer; at the start argc stands there, then argv (System V ABI, both architectures). */
  | { readonly op: 'stack'; readonly to: Register }
  | { readonly op: 'add'; readonly to: Register; readonly value: number }
  | { readonly op: 'subtract'; readonly to: Register; readonly from: Register }
  | { readonly op: 'load-byte'; readonly to: Register; readonly at: Register }
  | { readonly op: 'load-word'; readonly to: Register; readonly at: Register }
  | { readonly op: 'jump'; readonly to: string }
  /** Compares signed with a number from 0 to 4095. */
  | {
      readonly op: 'jump-if';
      readonly reg: Register;
      readonly is: Condition;
      readonly value: number;
      readonly to: string;
    }
  | { readonly op: 'call'; readonly name: SystemCall; readonly with: readonly Operand[]; readonly result: Register };

/** Bytes with a hole where the distance to a label goes. */
export interface Encoded {
  readonly bytes: readonly number[];
  /** `hole`: offset in `bytes`; `patch` gets the distance in bytes from the start of this instruction. */
  readonly branch?: { readonly label: string; readonly patch: (bytes: number[], distance: number) => void } | undefined;
}

export interface Encoder {
  /** `e_machine` of the ELF header. */
  readonly machine: number;
  readonly encode: (instruction: Exclude<Instruction, { op: 'label' }>) => readonly Encoded[];
}
