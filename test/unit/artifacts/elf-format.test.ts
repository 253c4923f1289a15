import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElf, type FileFormat } from '../../../src/artifacts/elf/elf-format.ts';
import { makeElf, type MadeElf } from './elf-bytes.ts';

function read(bytes: Uint8Array): FileFormat {
  return readElf((offset, length) => bytes.subarray(offset, offset + length), bytes.length);
}

describe('readElf', () => {
  it.each<[string, MadeElf, object]>([
    [
      'x86_64, static',
      { machine: 62 },
      {
        machine: 'x86_64',
        bits: 64,
        endian: 'little',
        type: 'executable',
        static: true,
        interpreter: null,
        needed: [],
      },
    ],
    [
      'aarch64, static pie',
      { machine: 183, type: 3, pieFlag: true },
      { machine: 'aarch64', type: 'pie', static: true },
    ],
    [
      'aarch64, dynamic',
      {
        machine: 183,
        type: 3,
        pieFlag: true,
        interpreter: '/lib/ld-linux-aarch64.so.1',
        needed: ['libseccomp.so.2', 'libc.so.6'],
      },
      {
        machine: 'aarch64',
        static: false,
        interpreter: '/lib/ld-linux-aarch64.so.1',
        needed: ['libseccomp.so.2', 'libc.so.6'],
      },
    ],
    [
      's390x, big endian',
      { machine: 22, big: true, needed: ['libc.so.6'] },
      { machine: 's390x', endian: 'big', needed: ['libc.so.6'] },
    ],
    ['riscv64', { machine: 243 }, { machine: 'riscv64', static: true }],
    ['ppc64le', { machine: 21 }, { machine: 'ppc64le' }],
    ['loong64', { machine: 258 }, { machine: 'loongarch64' }],
    [
      'arm, 32 bit',
      { machine: 40, bits: 32, interpreter: '/lib/ld-linux-armhf.so.3', needed: ['libc.so.6'] },
      { machine: 'arm', bits: 32, needed: ['libc.so.6'], static: false },
    ],
    ['386', { machine: 3, bits: 32 }, { machine: 'i386', bits: 32, static: true }],
    ['a shared library', { machine: 62, type: 3 }, { type: 'shared-object', static: false }],
    [
      'a loader that loads nothing',
      { machine: 62, type: 3, pieFlag: true, interpreter: '/lib/ld64.so.1' },
      { type: 'pie', static: false, needed: [] },
    ],
    ['an unknown machine', { machine: 9999 }, { machine: 'machine-9999' }],
  ])('%s', (_, made, expected) => {
    expect(read(makeElf(made))).toMatchObject({ kind: 'elf', ...expected });
  });

  it.each<[string, Uint8Array, FileFormat['kind']]>([
    ['nothing', Buffer.alloc(0), 'other'],
    ['text', Buffer.from('<html>'), 'other'],
    ['a script', Buffer.from('#!/bin/sh\necho'), 'script'],
    ['four bytes of ELF', Buffer.from('\x7fELF', 'latin1'), 'damaged'],
    ['class 7', Buffer.from('\x7fELF\x07\x01'.padEnd(64, '\0'), 'latin1'), 'damaged'],
    ['byte order 9', Buffer.from('\x7fELF\x02\x09'.padEnd(64, '\0'), 'latin1'), 'damaged'],
  ])('%s', (_, bytes, kind) => {
    expect(read(bytes).kind).toBe(kind);
  });

  it('sees every cut', () => {
    const whole = makeElf({ machine: 183, interpreter: '/lib/ld.so', needed: ['libc.so.6'] });
    for (let size = 4; size < whole.length; size += 1)
      expect([size, read(whole.subarray(0, size)).kind]).toEqual([size, 'damaged']);
  });

  it('never throws, whatever the bytes (property)', () => {
    const whole = makeElf({ machine: 62, type: 3, pieFlag: true, interpreter: '/lib/ld.so', needed: ['libc.so.6'] });
    const hit = fc.record({ at: fc.nat(whole.length - 1), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(hit, { minLength: 1, maxLength: 8 }), (hits) => {
        const bytes = Buffer.from(whole);
        for (const { at, value } of hits) bytes[at] = value;
        expect(['elf', 'damaged', 'other', 'script']).toContain(read(bytes).kind);
      }),
      { numRuns: 500, seed: 20101200 },
    );
  });
});
