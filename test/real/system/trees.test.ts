import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
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
import { copyTree } from '../../../src/system/files/copy-tree.ts';
import { loadTree } from '../../../src/system/files/load-tree.ts';
import { treeId } from '../../../src/system/files/tree-id.ts';

const base = mkdtempSync(join(tmpdir(), 'trees-test-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(base, 'case-'));
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
