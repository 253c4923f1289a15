import { DATA_OFFSET } from '../../src/smoke/probe/probe-binary.ts';
import { AMD64 } from './encode-amd64.ts';
import { ARM64 } from './encode-arm64.ts';
import type { Encoder, Instruction } from './instructions.ts';

const ENCODERS: Readonly<Record<string, Encoder>> = { amd64: AMD64, arm64: ARM64 };

const CODE_ADDRESS = 0x400000;
/** Both headers of the program and the ELF header itself stand before the code. */
const HEADERS = 64 + 2 * 56;
/** Segments start at multiples of the largest page size that Linux uses on arm64. */
const ALIGNMENT = DATA_OFFSET;

/** The writable memory of a program. */
export interface ProgramData {
  readonly address: number;
  /** How it starts; the rest is zero. */
  readonly bytes: Uint8Array;
  readonly size: number;
}

/**
 * A static ELF executable for this architecture (GOARCH), or null where we have no encoder. Layout: elf(5).
 *
 * @throws Error when a label is missing: a fault of ours
 */
export function staticElf(arch: string, program: readonly Instruction[], data: ProgramData): Uint8Array | null {
  const encoder = ENCODERS[arch];
  if (encoder === undefined) return null;
  const code = assemble(program, encoder);
  const file = Buffer.alloc(ALIGNMENT + data.bytes.length);
  file.write('\x7fELF', 0, 'latin1');
  file.set([2, 1, 1], 4); // 64 bit, little endian, version 1
  file.writeUInt16LE(2, 16); // ET_EXEC
  file.writeUInt16LE(encoder.machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(CODE_ADDRESS + HEADERS), 24); // entry
  file.writeBigUInt64LE(64n, 32); // program headers
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  file.writeUInt16LE(64, 58);
  segment(file, 64, {
    flags: 5,
    offset: 0,
    address: CODE_ADDRESS,
    inFile: HEADERS + code.length,
    inMemory: HEADERS + code.length,
  });
  segment(file, 120, {
    flags: 6,
    offset: ALIGNMENT,
    address: data.address,
    inFile: data.bytes.length,
    inMemory: data.size,
  });
  file.set(code, HEADERS);
  file.set(data.bytes, ALIGNMENT);
  return file;
}

interface Segment {
  /** 4 read, 2 write, 1 execute. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly inFile: number;
  readonly inMemory: number;
}

function segment(file: Buffer, at: number, { flags, offset, address, inFile, inMemory }: Segment): void {
  file.writeUInt32LE(1, at); // PT_LOAD
  file.writeUInt32LE(flags, at + 4);
  file.writeBigUInt64LE(BigInt(offset), at + 8);
  file.writeBigUInt64LE(BigInt(address), at + 16);
  file.writeBigUInt64LE(BigInt(address), at + 24);
  file.writeBigUInt64LE(BigInt(inFile), at + 32);
  file.writeBigUInt64LE(BigInt(inMemory), at + 40);
  file.writeBigUInt64LE(BigInt(ALIGNMENT), at + 48);
}

/** Encodes in two passes: sizes do not depend on distances. Throws when a label is missing: a fault of ours. */
function assemble(program: readonly Instruction[], encoder: Encoder): number[] {
  const labels = new Map<string, number>();
  const pieces: {
    readonly at: number;
    readonly bytes: number[];
    readonly branch: ReturnType<Encoder['encode']>[number]['branch'];
  }[] = [];
  let at = 0;
  for (const instruction of program) {
    if (instruction.op === 'label') {
      labels.set(instruction.name, at);
      continue;
    }
    for (const encoded of encoder.encode(instruction)) {
      pieces.push({ at, bytes: [...encoded.bytes], branch: encoded.branch });
      at += encoded.bytes.length;
    }
  }
  for (const piece of pieces) {
    if (piece.branch === undefined) continue;
    const target = labels.get(piece.branch.label);
    if (target === undefined) throw new Error(`the program has no label ${piece.branch.label}`);
    piece.branch.patch(piece.bytes, target - piece.at);
  }
  return pieces.flatMap((piece) => piece.bytes);
}
