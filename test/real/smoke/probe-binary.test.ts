import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeBinary } from '../../../src/smoke/probe/probe-binary.ts';
import { run } from '../../../src/system/process/run.ts';

const here = process.arch === 'x64' ? 'amd64' : process.arch;
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'probe-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function probe(...args: string[]) {
  const file = join(dir, `probe-${here}`);
  writeFileSync(file, probeBinary(here) ?? new Uint8Array(), { mode: 0o755 });
  return run({ file, args, env: {} }, { allowFailure: true, timeoutMs: 5000 });
}

describe.skipIf(probeBinary(here) === null)('the probe runs on this machine', () => {
  test.each([
    { args: [], code: 0, stdout: '', stderr: '' },
    { args: ['phello\n'], code: 0, stdout: 'hello\n', stderr: '' },
    { args: ['p'], code: 0, stdout: '', stderr: '' },
    { args: ['pone ', 'ptwo', 'eerr', 'x*', 'pnever'], code: 42, stdout: 'one two', stderr: 'err' },
    { args: ['c/no/such/file', 'pnever'], code: 90, stdout: '', stderr: '' },
    { args: ['?'], code: 93, stdout: '', stderr: '' },
  ])('$args', async ({ args, code, stdout, stderr }) => {
    expect(await probe(...args)).toMatchObject({ exitCode: code, stdout, stderr });
  });

  test('a file longer than its buffer is shown whole', async () => {
    const text = 'line of text\n'.repeat(1000);
    writeFileSync(join(dir, 'long'), text);
    expect((await probe(`c${join(dir, 'long')}`, 'x\x07')).stdout).toBe(text);
  });

  test('a file is written, and a directory that is missing is told', async () => {
    const path = join(dir, 'made');
    expect(await probe(`w${path}`, `c${path}`)).toMatchObject({ exitCode: 0, stdout: path });
    expect(await probe('w/no/such/dir/file')).toMatchObject({ exitCode: 90 });
  });

  test('it sleeps until a signal', async () => {
    const result = await run(
      { file: join(dir, `probe-${here}`), args: ['pbefore', 's'], env: {} },
      { allowFailure: true, timeoutMs: 2000 },
    );
    expect(result).toMatchObject({ timedOut: true, stdout: 'before' });
  });
});

test.each([
  ['amd64', 62],
  ['arm64', 183],
])('%s has the ELF header of its machine', (arch, machine) => {
  const file = Buffer.from(probeBinary(arch) ?? []);
  expect(file.subarray(0, 7)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]));
  expect(file.readUInt16LE(18)).toBe(machine);
});

test('an architecture without an encoder has no probe', () => {
  expect(probeBinary('s390x')).toBeNull();
});
