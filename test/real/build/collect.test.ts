import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutDir, collect, type CollectRequest } from '../../../src/make/collect/collect.ts';

const asRoot = process.geteuid?.() === 0;
/** A directory that is mounted read-only here, if there is one. */
const readOnly = readFileSync('/proc/self/mounts', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .find(
    ([, at, , options]) =>
      options?.split(',')[0] === 'ro' && at !== undefined && lstatSync(at, { throwIfNoEntry: false })?.isDirectory(),
  )?.[1];
let dir: string;
let bundles: string;
let out: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-collect-'));
  bundles = join(dir, 'bundles', 'binary-daemon');
  out = join(dir, 'out');
  mkdirSync(bundles, { recursive: true, mode: 0o700 });
  addBinary('dockerd-20.10.12', 'the daemon');
  symlinkSync('dockerd-20.10.12', join(bundles, 'dockerd'));
  addBinary('runc', 'runs');
  chmodSync(join(bundles, 'runc'), 0o4750);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function addBinary(name: string, text: string): void {
  writeFileSync(join(bundles, name), text, { mode: 0o755 });
  for (const hash of ['md5', 'sha256']) {
    writeFileSync(join(bundles, `${name}.${hash}`), `${createHash(hash).update(text).digest('hex')}  ${name}\n`, {
      mode: 0o600,
    });
  }
}

/** Collects and publishes at once. */
async function collectTo(outDir: string, owner: CollectRequest['owner'] = null): Promise<readonly string[]> {
  const collected = await collect({ bundlesDir: bundles, outDir, owner });
  await collected.publish();
  return collected.names;
}

/** What is beside the out dir must be what was there before. */
function leftovers(): string[] {
  return readdirSync(dir).filter((name) => !['bundles', 'out'].includes(name));
}

describe('collect', () => {
  it('takes files, links and modes, and marks the directory as ours', async () => {
    const names = await collectTo(out);
    expect(names).toEqual([
      'dockerd',
      'dockerd-20.10.12',
      'dockerd-20.10.12.md5',
      'dockerd-20.10.12.sha256',
      'runc',
      'runc.md5',
      'runc.sha256',
    ]);
    expect(readlinkSync(join(out, 'dockerd'))).toBe('dockerd-20.10.12');
    expect(readFileSync(join(out, 'dockerd'), 'utf8')).toBe('the daemon');
    const mode = (name: string): number => lstatSync(join(out, name)).mode & 0o7777;
    expect([mode('.'), mode('runc'), mode('runc.md5'), mode('dockerd-20.10.12')]).toEqual([0o755, 0o755, 0o644, 0o755]);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual({
      schema: 'moby-build/manifest/v1',
      unfinished: true,
    });
    expect(leftovers()).toEqual([]);
  });

  it('replaces an earlier build whole', async () => {
    await collectTo(out);
    writeFileSync(join(out, 'stale'), '');
    await collectTo(out);
    expect(existsSync(join(out, 'stale'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.skipIf(!asRoot)('gives all of it to the caller, made parents too', async () => {
    const deep = join(dir, 'new', 'deep', 'out');
    await collectTo(deep, { uid: 12345, gid: 23456 });
    for (const path of [
      join(dir, 'new'),
      join(dir, 'new', 'deep'),
      deep,
      ...readdirSync(deep).map((name) => join(deep, name)),
    ]) {
      expect([path, lstatSync(path).uid, lstatSync(path).gid]).toEqual([path, 12345, 23456]);
    }
    expect(lstatSync(dir).uid).toBe(0);
  });

  it.each<[string, () => void, string, number]>([
    [
      'a binary that changed',
      () => {
        writeFileSync(join(bundles, 'runc'), 'RUNS');
      },
      'checksum-mismatch',
      7,
    ],
    [
      'a sum of something that is not there',
      () => {
        rmSync(join(bundles, 'runc'));
      },
      'checksum-mismatch',
      7,
    ],
    [
      'a sum file that is no sum',
      () => {
        writeFileSync(join(bundles, 'runc.md5'), 'hello');
      },
      'checksum-mismatch',
      7,
    ],
    [
      'a link out of the directory',
      () => {
        symlinkSync('../../etc/passwd', join(bundles, 'ctr'));
      },
      'odd-output',
      7,
    ],
    [
      'a directory',
      () => {
        mkdirSync(join(bundles, 'sub'));
      },
      'odd-output',
      7,
    ],
    [
      'no bundles',
      () => {
        rmSync(bundles, { recursive: true });
      },
      'no-output',
      7,
    ],
    [
      'empty bundles',
      () => {
        rmSync(bundles, { recursive: true });
        mkdirSync(bundles);
      },
      'no-output',
      7,
    ],
    [
      'an out dir that is not ours',
      () => {
        mkdirSync(out);
        writeFileSync(join(out, 'thesis.tex'), '');
      },
      'out-dir-in-way',
      2,
    ],
  ])('refuses %s, and leaves the out dir as it was', async (_, spoil, code, exitCode) => {
    spoil();
    const before = existsSync(out) ? readdirSync(out) : null;
    await expect(collect({ bundlesDir: bundles, outDir: out, owner: null })).rejects.toMatchObject({ code, exitCode });
    expect(existsSync(out) ? readdirSync(out) : null).toEqual(before);
    expect(leftovers()).toEqual([]);
  });

  it('keeps the earlier build when the new one is bad', async () => {
    await collectTo(out);
    writeFileSync(join(bundles, 'runc'), 'RUNS');
    await expect(collect({ bundlesDir: bundles, outDir: out, owner: null })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
    expect(readFileSync(join(out, 'runc'), 'utf8')).toBe('runs');
  });
});

describe('checkOutDir', () => {
  it('takes what is not there, what is empty, and what is ours; changes nothing', async () => {
    expect(await checkOutDir(join(dir, 'a', 'b'))).toBe(join(dir, 'a', 'b'));
    mkdirSync(out);
    expect(await checkOutDir(out)).toBe(out);
    writeFileSync(join(out, 'manifest.json'), '{"schema":"moby-build/manifest/v1"}');
    writeFileSync(join(out, 'dockerd'), '');
    expect(await checkOutDir(out)).toBe(out);
    expect(existsSync(join(dir, 'a'))).toBe(false);
  });

  it('follows a link, so that the link stays', async () => {
    mkdirSync(out);
    symlinkSync('out', join(dir, 'link'));
    expect(await checkOutDir(join(dir, 'link'))).toBe(out);
  });

  it.each<[string, (path: string) => void]>([
    [
      'a file',
      (path) => {
        writeFileSync(path, '');
      },
    ],
    [
      'somebody else’s files',
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'x'), '');
      },
    ],
    [
      'a foreign manifest.json',
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'manifest.json'), '{"name":"web app"}');
      },
    ],
    [
      'a manifest.json that is no JSON',
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'manifest.json'), 'x');
      },
    ],
    [
      'a manifest.json that is a directory',
      (path) => {
        mkdirSync(join(path, 'manifest.json'), { recursive: true });
      },
    ],
  ])('refuses %s with exit 2', async (_, make) => {
    make(out);
    await expect(checkOutDir(out)).rejects.toMatchObject({ code: 'out-dir-in-way', exitCode: 2 });
  });

  it('refuses a path through a file, and the working directory', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(checkOutDir(join(dir, 'file', 'out'))).rejects.toMatchObject({ code: 'out-dir-in-way' });
    await expect(checkOutDir('.')).rejects.toMatchObject({ code: 'out-dir-in-way' });
    await expect(checkOutDir('/')).rejects.toMatchObject({ code: 'out-dir-in-way' });
  });

  it.skipIf(readOnly === undefined)('refuses a read-only file system with exit 3', async () => {
    await expect(checkOutDir(join(readOnly ?? '', 'moby-build-out'))).rejects.toMatchObject({
      code: 'read-only',
      exitCode: 3,
    });
  });

  it.skipIf(asRoot)('refuses a directory that this user may not write, with exit 3', async () => {
    mkdirSync(join(dir, 'closed'), { mode: 0o500 });
    await expect(checkOutDir(join(dir, 'closed', 'out'))).rejects.toMatchObject({ code: 'no-permission', exitCode: 3 });
  });
});
