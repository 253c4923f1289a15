import { mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { machine, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFormat } from '../../../src/artifacts/elf/elf.ts';
import { compiler, makePrograms } from './programs.ts';

let made: string;
let dir: string;
beforeAll(() => {
  made = makePrograms();
  dir = mkdtempSync(join(tmpdir(), 'moby-build-elf-'));
});
afterAll(() => {
  rmSync(made, { recursive: true });
  rmSync(dir, { recursive: true });
});

describe('fileFormat', () => {
  it('agrees with what this machine runs', () => {
    expect(fileFormat(process.execPath)).toMatchObject({ kind: 'elf', machine: machine(), bits: 64, static: false });
    const node = fileFormat(process.execPath);
    expect(node.kind === 'elf' && node.needed.some((name) => name.startsWith('libc.so'))).toBe(true);
    expect(fileFormat('/bin/true')).toMatchObject({ kind: 'elf', machine: machine() });
  });

  it.skipIf(compiler === undefined)('knows a static program', () => {
    expect(fileFormat(join(made, 'dockerd'))).toMatchObject({
      kind: 'elf',
      static: true,
      interpreter: null,
      needed: [],
    });
  });

  it('sees that a large program was cut', () => {
    const file = openSync(process.execPath, 'r');
    const head = Buffer.alloc(1024 * 1024);
    readSync(file, head, 0, head.length, 0);
    writeFileSync(join(dir, 'node'), head);
    expect(fileFormat(join(dir, 'node'))).toMatchObject({ kind: 'damaged' });
  });
});
