import { execFileSync, spawnSync } from 'node:child_process';
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
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { replaceDirectory, writeFileAtomic } from '../../../src/system/atomic.ts';
import { copyTree } from '../../../src/system/copy-tree.ts';
import { toFileError } from '../../../src/system/file-error.ts';
import { loadTree } from '../../../src/system/load-tree.ts';
import { callerOwner, chownTree } from '../../../src/system/owner.ts';
import { pathInside } from '../../../src/system/safe-path.ts';
import { runCleanups } from '../../../src/system/supervisor.ts';
import { abandonedTempDirs, makeTempDir } from '../../../src/system/temp-dir.ts';
import { treeId } from '../../../src/system/tree-id.ts';

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

describe('loadTree', () => {
  it('reads what says how a tree is built, as text that gives its bytes back', async () => {
    const files: Record<string, string | Buffer> = {
      Dockerfile: 'FROM ü\r\n',
      'Dockerfile.e2e': 'x',
      Makefile: '',
      '.dockerignore': 'bundles',
      'sources.list': 'deb x',
      'hack/make.sh': '#!/bin/bash\n',
      'hack/make/.go-autogen': 'x',
      'hack/binary': Buffer.from([0, 1]),
      'hack/latin1': Buffer.from([0xfc]),
      'contrib/x.sh': 'x',
      'contrib/deep/y.sh': 'y',
      'contrib/readme.md': 'no',
      'daemon/daemon.go': 'no',
      big: Buffer.alloc(100_000, 'x'),
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(dir, path, '..'), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    chmodSync(join(dir, 'hack/make.sh'), 0o755);
    symlinkSync('Dockerfile', join(dir, 'link'));
    symlinkSync('/etc', join(dir, 'hack/etc'));
    const tree = await loadTree(dir);
    expect([...tree.keys()]).toEqual([
      '.dockerignore',
      'Dockerfile',
      'Dockerfile.e2e',
      'Makefile',
      'contrib/deep/y.sh',
      'contrib/x.sh',
      'hack/make.sh',
      'hack/make/.go-autogen',
      'sources.list',
    ]);
    expect(tree.get('hack/make.sh')).toEqual({ text: '#!/bin/bash\n', mode: '100755' });
    expect(tree.get('Dockerfile')).toEqual({ text: 'FROM ü\r\n', mode: '100644' });
  });

  it('takes a tree without hack or contrib, and one whose hack is a link', async () => {
    writeFileSync(join(dir, 'Makefile'), 'x');
    symlinkSync('/etc', join(dir, 'hack'));
    expect([...(await loadTree(dir)).keys()]).toEqual(['Makefile']);
  });
});

describe('copies and ids of trees', () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();

  function fill(): void {
    mkdirSync(join(dir, 'sub/deep'), { recursive: true });
    writeFileSync(join(dir, 'plain'), 'x');
    writeFileSync(join(dir, 'sub/run.sh'), '#!/bin/sh\n');
    chmodSync(join(dir, 'sub/run.sh'), 0o755);
    writeFileSync(join(dir, 'sub/deep/ü b'), Buffer.from([0, 255]));
    // git's order counts a directory as `name/`: these three tell a wrong one.
    writeFileSync(join(dir, 'sub-x'), '');
    writeFileSync(join(dir, 'sub.x'), '');
    writeFileSync(join(dir, 'sub0'), '');
    symlinkSync('../plain', join(dir, 'sub/link'));
    symlinkSync('/no/such', join(dir, 'dangling'));
  }

  it('an id is what git says, whatever attributes and ignore rules say', async () => {
    fill();
    writeFileSync(join(dir, '.gitignore'), '*\n');
    writeFileSync(join(dir, 'crlf'), 'a\r\nb\r\n');
    git('init', '-q');
    git('add', '-A', '-f');
    const expected = git('write-tree');
    writeFileSync(join(dir, '.git/info/attributes'), '* text eol=lf filter=evil\n');
    git('config', 'filter.evil.clean', `touch ${join(dir, '../filter-ran')}`);
    expect(await treeId(dir)).toBe(expected);
    for (const left of ['bundles', 'autogen']) {
      mkdirSync(join(dir, left));
      writeFileSync(join(dir, left, 'x'), '');
    }
    expect(await treeId(dir)).toBe(expected);
    expect(existsSync(join(dir, '../filter-ran'))).toBe(false);
  });

  it('an id changes with a name, a byte or an x bit', async () => {
    fill();
    const ids = [await treeId(dir)];
    chmodSync(join(dir, 'plain'), 0o755);
    ids.push(await treeId(dir));
    writeFileSync(join(dir, 'plain'), 'y');
    ids.push(await treeId(dir));
    writeFileSync(join(dir, 'new'), '');
    ids.push(await treeId(dir));
    expect(new Set(ids).size).toBe(4);
  });

  it('random trees: the id is what git says', async () => {
    const name = fc.constantFrom('a', 'a-', 'a.', 'a0', 'b', 'ü', 'A', 'a b');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.uint8Array({ maxLength: 20 })), {
          maxLength: 12,
        }),
        async (files) => {
          const root = mkdtempSync(join(base, 'random-'));
          for (const [parts, bytes] of files) {
            const parent = join(root, ...parts.slice(0, -1));
            const path = join(root, ...parts);
            try {
              mkdirSync(parent, { recursive: true });
              writeFileSync(path, bytes);
            } catch (cause) {
              // A file where a directory is wanted, or the other way round: this file is not part of the example.
              if (!['EEXIST', 'ENOTDIR', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
            }
          }
          const run = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
          run('init', '-q');
          run('add', '-A');
          expect(await treeId(root)).toBe(run('write-tree'));
          rmSync(root, { recursive: true });
        },
      ),
      { seed: 20, numRuns: 15 },
    );
  });

  it('a copy has the same bytes, modes and links, and no pipes', async () => {
    fill();
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    chmodSync(join(dir, 'sub/deep'), 0o500);
    chmodSync(join(dir, 'plain'), 0o640);
    mkdirSync(join(dir, 'bundles'));
    const to = join(base, 'copy-of');
    await copyTree(dir, to, new Set(['bundles']));
    expect(await treeId(to)).toBe(await treeId(dir));
    expect(readlinkSync(join(to, 'dangling'))).toBe('/no/such');
    expect(statSync(join(to, 'plain')).mode & 0o777).toBe(0o640);
    expect(statSync(join(to, 'sub/deep')).mode & 0o777).toBe(0o500);
    expect(existsSync(join(to, 'pipe'))).toBe(false);
    expect(existsSync(join(to, 'bundles'))).toBe(false);
    await expect(copyTree(dir, to)).rejects.toMatchObject({ code: 'file-failed' });
  });
});
