import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyDirectory } from '../../../src/artifacts/verify.ts';
import { makeElf } from '../../unit/artifacts/elf-bytes.ts';
import { compiler, makePrograms } from './programs.ts';

let made: string;
let dir: string;
beforeAll(() => {
  made = makePrograms();
});
afterAll(() => {
  rmSync(made, { recursive: true });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-verify-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function put(name: string, bytes: Uint8Array): void {
  writeFileSync(join(dir, name), bytes, { mode: 0o755 });
}

describe.skipIf(compiler === undefined)('what verifyDirectory runs', () => {
  it('does not fail what this machine cannot run', async () => {
    put('dockerd', makeElf({ machine: 22, big: true }));
    const got = await verifyDirectory(dir, {
      arch: 's390x',
      version: '20.10.12',
      names: ['dockerd'],
      target: 'binary',
    });
    expect(got.checks.find(({ id }) => id === 'binary:dockerd')?.result).toBe('ok');
    expect(got.binaries[0]?.version).toBeNull();
  });

  it('never hands what the kernel refuses to a shell', async () => {
    const elf = makeElf({ machine: 9999 });
    put('dockerd', Buffer.concat([elf, Buffer.from(`\ntouch ${dir}/ran\n`)]));
    const got = await verifyDirectory(dir, { names: ['dockerd'] });
    expect(existsSync(join(dir, 'ran'))).toBe(false);
    expect(got.checks.find(({ id }) => id === 'binary:dockerd')?.seen).toContain('cannot run here');
  });

  it('shows nothing of our environment to what it runs', async () => {
    process.env['MOBY_BUILD_TEST_SECRET'] = 'x';
    copyFileSync(join(made, 'sealed'), join(dir, 'runc'));
    const got = await verifyDirectory(dir, {});
    delete process.env['MOBY_BUILD_TEST_SECRET'];
    expect(got.binaries[0]?.version).toMatch(/^(?:PATH|HOME|LC_ALL)=/);
    const said = execFileSync(join(made, 'sealed'), { env: {} }).toString();
    expect(said).toBe('');
  });
});
