import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isNamedBeside, nameBeside, replaceDirectory, writeFileAtomic } from '../../../src/system/files/atomic.ts';
import { toFileError } from '../../../src/system/file-error.ts';
import { callerOwner, chownTree } from '../../../src/system/owner.ts';
import { pathInside } from '../../../src/system/files/safe-path.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { abandonedTempDirs, makeTempDir } from '../../../src/system/files/temp-dir.ts';

const base = mkdtempSync(join(tmpdir(), 'files-test-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(base, 'case-'));
});

const isRoot = process.geteuid?.() === 0;

describe('writeFileAtomic', () => {
  it('writes bytes and mode, whatever the umask, and leaves nothing beside', async () => {
    const before = process.umask(0o077);
    try {
      await writeFileAtomic(join(dir, 'new/script.sh'), '#!/bin/sh\n', 0o755);
    } finally {
      process.umask(before);
    }
    expect(statSync(join(dir, 'new/script.sh')).mode & 0o777).toBe(0o755);
    await writeFileAtomic(join(dir, 'new/script.sh'), Buffer.from([0xff]));
    expect([...readFileSync(join(dir, 'new/script.sh'))]).toEqual([0xff]);
    expect(readdirSync(join(dir, 'new'))).toEqual(['script.sh']);
  });

  it('replaces a symlink and leaves its target alone', async () => {
    writeFileSync(join(dir, 'target'), 'old');
    symlinkSync('target', join(dir, 'link'));
    await writeFileAtomic(join(dir, 'link'), 'new');
    expect(readFileSync(join(dir, 'target'), 'utf8')).toBe('old');
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(false);
  });

  it('keeps the old file and leaves nothing when it fails', async () => {
    mkdirSync(join(dir, 'taken/x'), { recursive: true });
    await expect(writeFileAtomic(join(dir, 'taken'), 'new')).rejects.toMatchObject({
      code: 'file-failed',
      exitCode: 1,
    });
    expect(readdirSync(dir)).toEqual(['taken']);
  });

  it.each([
    ['ENOSPC', 'disk-full', 3],
    ['EDQUOT', 'disk-full', 3],
    ['EACCES', 'no-permission', 3],
    ['EROFS', 'read-only', 3],
    ['EIO', 'file-failed', 1],
  ])('%s is %s', (errno, code, exitCode) => {
    const cause = Object.assign(new Error(errno), { code: errno });
    expect(toFileError(cause, '/out/x')).toMatchObject({ code, exitCode, where: '/out/x', cause });
  });

  it.each(
    ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].concat(
      ...[['EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EMFILE', 'ETXTBSY', 'ESTALE']],
    ),
  )('%s is told in words, with a command to paste', (errno) => {
    const path = "/out it's/x";
    const cause = Object.assign(new Error(`${errno}: words of Node, open '${path}'`), { code: errno, syscall: 'open' });
    const { message, hint, command } = toFileError(cause, path);
    expect(message).toContain(path);
    if (errno !== 'ESTALE') {
      expect(message).not.toContain('words of Node');
      expect(hint).toMatch(/\.$/u);
    }
    expect(command).toMatch(/^(?:df|ls|namei|findmnt|getconf|dmesg|ulimit|fuser) /u);
    expect(command).not.toMatch(/ \/out it's/u);
  });

  it('says of what cannot be made that it cannot be, and names no file of ours beside it', () => {
    const mkdir = Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'mkdir', path: '/proc/.x.new-1-ab' });
    expect(toFileError(mkdir, '/proc/x').message).toBe('/proc/x cannot be created there (ENOENT).');
    const refused = Object.assign(new Error('x'), { code: 'EACCES', path: '/proc/.x.new-1-ab' });
    expect(toFileError(refused, '/proc/x').message).toBe('This user may not read or write /proc/x.');
  });
});

describe('replaceDirectory', () => {
  it('puts the new one in the place of the old one, whole', async () => {
    mkdirSync(join(dir, 'new/deep'), { recursive: true });
    mkdirSync(join(dir, 'old'));
    writeFileSync(join(dir, 'old/stale'), '');
    // As a kill between the two renames of an earlier run leaves it.
    mkdirSync(join(dir, '.old.old-12345678/x'), { recursive: true });
    await replaceDirectory(join(dir, 'new'), join(dir, 'old'));
    expect(readdirSync(dir)).toEqual(['old']);
    expect(readdirSync(join(dir, 'old'))).toEqual(['deep']);
  });

  it('removes what killed runs left beside it, and nothing of a run that lives', async () => {
    const { pid: dead } = spawnSync('true');
    mkdirSync(join(dir, 'new'));
    const left = [`.to.copy-${String(dead)}-12345678`, `.to.new-${String(dead)}-12345678`, '.to.new-12345678'];
    const kept = [`.to.new-${String(process.pid)}-12345678`, `.other.new-${String(dead)}-12345678`, '.to.news'];
    for (const name of [...left, ...kept]) mkdirSync(join(dir, name));
    await replaceDirectory(join(dir, 'new'), join(dir, 'to'));
    expect(readdirSync(dir).sort()).toEqual([...kept, 'to'].sort());
    await writeFileAtomic(join(dir, 'other'), 'x');
    expect(readdirSync(dir)).not.toContain(kept[1]);
    expect([nameBeside('/a/to', 'copy'), ...left].map((path) => isNamedBeside(basename(path)))).toEqual(
      [...left, ''].map(() => true),
    );
  });

  it('puts the old one back when the new one does not come', async () => {
    mkdirSync(join(dir, 'old'));
    writeFileSync(join(dir, 'old/kept'), '');
    await expect(replaceDirectory(join(dir, 'no-such'), join(dir, 'old'))).rejects.toMatchObject({
      code: 'file-failed',
    });
    expect(readdirSync(join(dir, 'old'))).toEqual(['kept']);
    expect(readdirSync(dir)).toEqual(['old']);
  });
});

describe('temporary directories', () => {
  it('go when told to, or with the process', () => {
    const [one, two] = [makeTempDir('one', dir), makeTempDir('two', dir)];
    writeFileSync(join(one.path, 'x'), '');
    one.remove();
    one.remove();
    expect(existsSync(one.path)).toBe(false);
    expect(statSync(two.path).mode & 0o777).toBe(0o700);
    runCleanups();
    expect(readdirSync(dir)).toEqual([]);
  });
  it('of a process that was killed are found, those of a living one are not', () => {
    const gone = spawnSync('true').pid;
    mkdirSync(join(dir, `moby-build-git-${String(gone)}-abcDEF`));
    mkdirSync(join(dir, 'moby-build-mine'));
    symlinkSync(base, join(dir, `moby-build-link-${String(gone)}-abcDEF`));
    if (isRoot) {
      mkdirSync(join(dir, `moby-build-theirs-${String(gone)}-abcDEF`));
      chownSync(join(dir, `moby-build-theirs-${String(gone)}-abcDEF`), 1234, 2345);
    }
    const mine = makeTempDir('git', dir);
    expect(abandonedTempDirs(dir)).toEqual([join(dir, `moby-build-git-${String(gone)}-abcDEF`)]);
    mine.remove();
  });
  it('say where they could not be made', () => {
    expect(() => makeTempDir('x', join(dir, 'no/such'))).toThrow(/no\/such/);
  });
});

describe('pathInside', () => {
  it('takes files of the tree, there or not', async () => {
    mkdirSync(join(dir, 'hack'));
    expect(await pathInside(dir, 'hack/make.sh')).toBe(join(dir, 'hack/make.sh'));
    expect(await pathInside(dir, 'new/file')).toBe(join(dir, 'new/file'));
  });

  it.each(['../x', '/etc/passwd', 'a//b', './a', 'a/..', '', '.git/config', 'a/.GIT/hooks/x', 'a\0b'])(
    'refuses %j',
    async (path) => {
      await expect(pathInside(dir, path)).rejects.toMatchObject({ code: 'unsafe-path', exitCode: 4 });
    },
  );

  it('refuses to go through a symlink, or to be one', async () => {
    symlinkSync('/etc', join(dir, 'hack'));
    symlinkSync('/no-such-target', join(dir, 'dangling'));
    writeFileSync(join(dir, 'file'), '');
    await expect(pathInside(dir, 'hack/passwd')).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(pathInside(dir, 'dangling')).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(pathInside(dir, 'file/below')).rejects.toMatchObject({ code: 'unsafe-path' });
  });
});

describe('owner', () => {
  it.each([
    [{ SUDO_UID: '1000', SUDO_GID: '100' }, 0, { uid: 1000, gid: 100 }],
    [{ SUDO_UID: '1000', SUDO_GID: '100' }, 1000, null],
    [{}, 0, null],
    [{ SUDO_UID: '1000' }, 0, null],
    [{ SUDO_UID: '-1', SUDO_GID: '0x3' }, 0, null],
  ])('%j as uid %i', (env, uid, owner) => {
    expect(callerOwner(env, uid)).toEqual(owner);
  });

  it.runIf(isRoot)('gives a tree away, links but not their targets', async () => {
    mkdirSync(join(dir, 'out/sub'), { recursive: true });
    writeFileSync(join(dir, 'out/sub/f'), '');
    writeFileSync(join(dir, 'outside'), '');
    symlinkSync('../outside', join(dir, 'out/link'));
    await chownTree(join(dir, 'out'), { uid: 1234, gid: 2345 });
    for (const path of ['out', 'out/sub', 'out/sub/f', 'out/link'])
      expect(lstatSync(join(dir, path)), path).toMatchObject({ uid: 1234, gid: 2345 });
    expect(statSync(join(dir, 'outside')).uid).toBe(0);
    await chownTree(join(dir, 'outside'), { uid: 1234, gid: 2345 });
    expect(statSync(join(dir, 'outside')).uid).toBe(1234);
  });
});
