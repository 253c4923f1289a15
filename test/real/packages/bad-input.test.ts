import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readOutput } from '../../../src/packages/read-output.ts';
import { ARCH, finishedBuild } from '../package/finished-build.ts';

it('a build for another architecture than was asked for is told as that, not as a damaged one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-test-output-'));
  try {
    mkdirSync(join(dir, 'tree'));
    await finishedBuild(join(dir, 'out'), '26.1.5', join(dir, 'tree'));
    expect((await readOutput(join(dir, 'out'), ARCH)).binaries.length).toBeGreaterThan(5);
    await expect(readOutput(join(dir, 'out'), 'riscv64')).rejects.toMatchObject({
      ...{ code: 'verify-failed', exitCode: 7, where: '--arch' },
      message: expect.stringContaining(`is a build for linux/${ARCH}, and linux/riscv64 is wanted`) as string,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
