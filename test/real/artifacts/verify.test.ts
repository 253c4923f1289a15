import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, machine, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasFailed, verifyDirectory, type Expected, type Verified } from '../../../src/artifacts/verify.ts';
import { makeElf } from '../../unit/artifacts/elf-bytes.ts';
import { compiler, makePrograms } from './programs.ts';

const goArch = { x64: 'amd64', arm64: 'arm64' }[arch()] ?? arch();

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

function put(name: string, bytes: Uint8Array | string, mode: number = 0o755): void {
  writeFileSync(join(dir, name), bytes, { mode });
}

function take(name: string, as: string = name): void {
  copyFileSync(join(made, name), join(dir, as));
}

async function verify(
  expected: Expected = {},
): Promise<Verified & { readonly result: (id: string) => string | undefined; readonly seen: (id: string) => string }> {
  const verified = await verifyDirectory(dir, expected);
  return {
    ...verified,
    result: (id) => verified.checks.find((check) => check.id === id)?.result,
    seen: (id) => verified.checks.find((check) => check.id === id)?.seen ?? '',
  };
}

describe.skipIf(compiler === undefined)('verifyDirectory', () => {
  const expected: Expected = {
    arch: goArch,
    version: '20.10.12',
    gitCommit: '459d0df',
    names: ['dockerd', 'runc'],
    target: 'binary',
  };

  it('is content with what was asked for', async () => {
    take('dockerd', 'dockerd-20.10.12');
    symlinkSync('dockerd-20.10.12', join(dir, 'dockerd'));
    take('runc');
    const bytes = readFileSync(join(dir, 'runc'));
    put('runc.sha256', `${createHash('sha256').update(bytes).digest('hex')}  runc\n`, 0o644);
    const got = await verify(expected);
    expect(got.checks.map(({ id, result }) => [id, result])).toEqual([
      ['names', 'ok'],
      ['binary:dockerd', 'ok'],
      ['binary:runc', 'ok'],
      ['checksums', 'ok'],
      ['manifest', 'skipped'],
    ]);
    expect(hasFailed(got.checks)).toBe(false);
    expect(got.binaries[0]).toEqual({
      name: 'dockerd',
      path: join(dir, 'dockerd-20.10.12'),
      bytes: readFileSync(join(dir, 'dockerd')).length,
      sha256: createHash('sha256')
        .update(readFileSync(join(dir, 'dockerd')))
        .digest('hex'),
      machine: machine(),
      static: true,
      version: 'Docker version 20.10.12, build 459d0df',
    });
  });

  it.each<[string, () => void, Expected, string, RegExp]>([
    [
      'a missing binary',
      () => {
        take('dockerd');
      },
      expected,
      'names',
      /missing: runc/,
    ],
    [
      'a link to nothing',
      () => {
        take('dockerd');
        take('runc');
        symlinkSync('gone', join(dir, 'ctr'));
      },
      expected,
      'names',
      /links to nothing: ctr/,
    ],
    [
      'a directory',
      () => {
        take('dockerd');
        take('runc');
        mkdirSync(join(dir, 'x'));
      },
      expected,
      'names',
      /neither file nor link: x/,
    ],
    ['nothing at all', () => undefined, {}, 'names', /missing: dockerd/],
    [
      'another version',
      () => {
        take('dockerd');
      },
      { ...expected, version: '20.10.13' },
      'binary:dockerd',
      /says version 20\.10\.12, not 20\.10\.13/,
    ],
    [
      'another commit',
      () => {
        take('dockerd');
      },
      { ...expected, gitCommit: 'abcdef0' },
      'binary:dockerd',
      /says build 459d0df/,
    ],
    [
      'another machine',
      () => {
        put('dockerd', makeElf({ machine: 22, big: true }));
      },
      expected,
      'binary:dockerd',
      /s390x, not/,
    ],
    [
      'two machines',
      () => {
        take('dockerd');
        put('runc', makeElf({ machine: 243 }));
      },
      {},
      'one-machine',
      /riscv64/,
    ],
    [
      'a dynamic dockerd',
      () => {
        copyFileSync('/bin/true', join(dir, 'dockerd'));
      },
      expected,
      'binary:dockerd',
      /not static: needs .*libc/,
    ],
    [
      'a static dockerd where a dynamic one was asked for',
      () => {
        take('dockerd');
      },
      { ...expected, target: 'dynbinary' },
      'binary:dockerd',
      /not dynamic/,
    ],
    [
      'a page of HTML',
      () => {
        put('dockerd', '<html>blocked</html>');
      },
      expected,
      'binary:dockerd',
      /neither ELF nor a script/,
    ],
    [
      'an empty file',
      () => {
        put('dockerd', '');
      },
      expected,
      'binary:dockerd',
      /empty/,
    ],
    [
      'a cut file',
      () => {
        put('dockerd', readFileSync(join(made, 'dockerd')).subarray(0, 5000));
      },
      expected,
      'binary:dockerd',
      /damaged: it is cut short/,
    ],
    [
      'headers without a program',
      () => {
        put('dockerd', makeElf({ machine: { x86_64: 62, aarch64: 183 }[machine()] ?? 62 }));
      },
      expected,
      'binary:dockerd',
      /was ended by|does not take it|exit code/,
    ],
    [
      'no right to run it',
      () => {
        put('dockerd', readFileSync(join(made, 'dockerd')), 0o644);
      },
      expected,
      'binary:dockerd',
      /not executable/,
    ],
    [
      'one that crashes',
      () => {
        take('crashes', 'dockerd');
      },
      expected,
      'binary:dockerd',
      /was ended by SIGABRT/,
    ],
    [
      'a sum that differs',
      () => {
        take('dockerd');
        put('dockerd.md5', `${'0'.repeat(32)}  dockerd\n`, 0o644);
      },
      expected,
      'checksums',
      /dockerd\.md5: differs/,
    ],
    [
      'a broken manifest',
      () => {
        take('dockerd');
        put('manifest.json', '{"schema":"moby-build/manifest/v1"}', 0o644);
      },
      expected,
      'manifest',
      /: /,
    ],
  ])('fails for %s', async (_, make, wanted, id, seen) => {
    make();
    const got = await verify(wanted);
    expect([got.result(id), got.seen(id)]).toEqual(['failed', expect.stringMatching(seen) as string]);
    expect(hasFailed(got.checks)).toBe(true);
  });

  it('only warns of a component that needs libraries, and of one more file', async () => {
    take('dockerd');
    copyFileSync('/bin/true', join(dir, 'containerd'));
    const got = await verify({ ...expected, names: ['dockerd'] });
    expect([got.result('binary:containerd'), got.result('names'), hasFailed(got.checks)]).toEqual([
      'warning',
      'warning',
      false,
    ]);
  });

  it('says that the directory is not there, with exit 2', async () => {
    await expect(verifyDirectory(join(dir, 'gone'), {})).rejects.toMatchObject({
      code: 'no-such-directory',
      exitCode: 2,
    });
  });
});
