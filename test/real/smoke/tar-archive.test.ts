import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { tarArchive } from '../../../src/smoke/daemon/tar-archive.ts';

describe('a tar archive', () => {
  test.each([0, 1, 511, 512, 513, 70_000])('tar reads a file of %i bytes back', (size) => {
    const content = Buffer.alloc(size, 'x');
    const input = tarArchive([
      { name: 'data/', mode: 0o755, content: new Uint8Array() },
      { name: 'data/file', mode: 0o750, content },
    ]);
    const listed = execFileSync('tar', ['-tvf', '-'], { input, encoding: 'utf8' }).trim().split('\n');
    expect(listed[0]).toMatch(/^drwxr-xr-x 0\/0 .* data\/$/);
    expect(listed[1]).toMatch(new RegExp(`^-rwxr-x--- 0/0 +${String(size)} .* data/file$`));
    expect(execFileSync('tar', ['-xOf', '-', 'data/file'], { input })).toEqual(content);
  });
});
