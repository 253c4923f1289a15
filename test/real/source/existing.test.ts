import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
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
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectExisting } from '../../../src/source/existing.ts';
import { seriesOfTree } from '../../../src/moby/series.ts';
import { makeWorkingCopy } from '../../../src/source/working-copy.ts';
import { loadTree } from '../../../src/system/files/load-tree.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { treeId } from '../../../src/system/files/tree-id.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { NEXT } from '../../../src/next-command.ts';

const base = mkdtempSync(join(tmpdir(), 'existing-test-'));
const original = join(base, 'light');
let commit = '';
beforeAll(() => {
  commit = materializeLightTree(original).commit ?? '';
});
afterAll(() => {
  runCleanups();
  rmSync(base, { recursive: true, force: true });
});

let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(base, 'case-')), 'moby');
  cpSync(original, dir, { recursive: true, verbatimSymlinks: true });
});

const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();
const codes = (notes: readonly { readonly code: string }[]) => notes.map(({ code }) => code);

/** Every file's path, bytes and times: what a look must not change. */
function picture(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const facts = lstatSync(join(root, path));
      return `${path} ${String(facts.mode)} ${String(facts.size)} ${String(facts.mtimeMs)}`;
    });
}

describe('inspectExisting', () => {
  it('tells the commit, tag and tree of a clean one, and changes nothing', async () => {
    const before = picture(dir);
    const found = await inspectExisting(dir, { commit });
    expect(found).toMatchObject({ commit, tags: ['v20.10.12'], ref: 'v20.10.12', changed: [], notes: [] });
    expect(found.treeId).toBe(git('rev-parse', 'HEAD^{tree}'));
    expect(found.headTree).toBe(found.treeId);
    expect(picture(dir)).toEqual(before);
    expect(seriesOfTree(await loadTree(dir))?.name).toBe('20.10');
  });

  it('warns of another commit than the tag is in moby', async () => {
    const { notes } = await inspectExisting(dir);
    expect(codes(notes)).toEqual(['other-commit']);
    expect(notes[0]?.message).toContain(commit);
    expect(notes[0]?.message).toContain('459d0dfbbb51fb2423a43655e6c62368ec0f36c9');
  });

  it('refuses a tree that is not at --commit, or that cannot say so', async () => {
    const asked = { commit: 'b'.repeat(40) };
    await expect(inspectExisting(dir, asked)).rejects.toMatchObject({ code: 'wrong-commit', exitCode: 4 });
    expect(codes((await inspectExisting(dir, { commit: commit.toUpperCase() })).notes)).toEqual([]);
    rmSync(join(dir, '.git'), { recursive: true });
    await expect(inspectExisting(dir, { commit })).rejects.toMatchObject({
      code: 'wrong-commit',
      message: expect.stringContaining('has no .git') as string,
    });
  });

  it('warns of what differs from the commit: changed, new, removed, ignored, x bit', async () => {
    writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\n');
    writeFileSync(join(dir, 'new file'), '');
    rmSync(join(dir, 'contrib/dockerd-rootless.sh'));
    mkdirSync(join(dir, '.git/info'), { recursive: true });
    writeFileSync(join(dir, '.git/info/exclude'), 'ignored\n');
    writeFileSync(join(dir, 'ignored'), '');
    chmodSync(join(dir, 'Makefile'), 0o755);
    mkdirSync(join(dir, 'bundles'));
    writeFileSync(join(dir, 'bundles/x'), '');
    const found = await inspectExisting(dir, { commit });
    expect(found.changed).toEqual(['Dockerfile', 'Makefile', 'contrib/dockerd-rootless.sh', 'ignored', 'new file']);
    expect(codes(found.notes)).toEqual(['dirty-tree']);
    expect(found.notes[0]?.message).toContain('in 5 files: Dockerfile');
    expect(found.treeId).not.toBe(found.headTree);
  });

  it('runs no filter of theirs to find that out', async () => {
    git('config', 'filter.evil.clean', `touch ${join(base, 'ran')}; cat`);
    mkdirSync(join(dir, '.git/info'), { recursive: true });
    writeFileSync(join(dir, '.git/info/attributes'), '* filter=evil\n');
    await inspectExisting(dir, { commit });
    expect(existsSync(join(base, 'ran'))).toBe(false);
  });

  it.each<[string, () => void]>([
    [
      'without .git',
      () => {
        rmSync(join(dir, '.git'), { recursive: true });
      },
    ],
    [
      'below another repository',
      () => {
        rmSync(join(dir, '.git'), { recursive: true });
        execFileSync('git', ['init', '-q', join(dir, '..')]);
      },
    ],
    [
      'with a broken .git',
      () => {
        rmSync(join(dir, '.git/HEAD'));
      },
    ],
    [
      'with a .git without commits',
      () => {
        rmSync(join(dir, '.git'), { recursive: true });
        git('init', '-q');
      },
    ],
    [
      'with a dangling worktree link',
      () => {
        rmSync(join(dir, '.git'), { recursive: true });
        writeFileSync(join(dir, '.git'), 'gitdir: /no/such\n');
      },
    ],
  ])('%s: a warning, and the tree id still tells what it is', async (_, change) => {
    const expected = git('rev-parse', 'HEAD^{tree}');
    change();
    const found = await inspectExisting(dir, { ref: 'v20.10.12' });
    expect(found).toMatchObject({ commit: null, headTree: null, ref: 'v20.10.12', changed: [], treeId: expected });
    expect(codes(found.notes)).toEqual(['no-git']);
  });

  it.runIf(process.geteuid?.() === 0)('reads one of another user', async () => {
    execFileSync('chown', ['-R', '1234:1234', dir]);
    expect((await inspectExisting(dir, { commit })).notes).toEqual([]);
  });

  it('--ref wins over the tag of HEAD; a tag of moby wins over others', async () => {
    git('tag', 'v1.0.0-mine');
    git('tag', 'not-a-version');
    const found = await inspectExisting(dir, { commit });
    expect(found.tags).toEqual(['v1.0.0-mine', 'v20.10.12']);
    expect(found.ref).toBe('v20.10.12');
    expect((await inspectExisting(dir, { commit, ref: 'v20.10.11' })).ref).toBe('v20.10.11');
  });

  it.each<[string, () => string, RegExp]>([
    ['an empty directory', () => mkdtempSync(join(base, 'empty-')), /no Dockerfile, no Makefile/],
    ['no directory at all', () => join(base, 'no-such'), /does not exist/],
    ['a file', () => join(dir, 'Makefile'), /not the root/],
    ['a part of moby', () => join(dir, 'hack'), /no Dockerfile/],
  ])('%s is not moby: exit 4', async (_, path, message) => {
    const promise = inspectExisting(path());
    await expect(promise).rejects.toMatchObject({ code: 'not-moby', exitCode: 4 });
    await expect(promise).rejects.toThrow(message);
  });

  it("points at the tree inside Debian's source package", async () => {
    const outer = mkdtempSync(join(base, 'package-'));
    cpSync(dir, join(outer, 'engine'), { recursive: true });
    await expect(inspectExisting(outer)).rejects.toMatchObject({
      code: 'not-moby',
      command: NEXT.source(join(outer, 'engine')),
    });
  });
});

describe('makeWorkingCopy', () => {
  it('brings changes along, leaves old outputs behind, and is a repository at the same commit', async () => {
    writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\n');
    symlinkSync('Makefile', join(dir, 'link'));
    mkdirSync(join(dir, 'bundles/binary-daemon'), { recursive: true });
    const source = await inspectExisting(dir, { commit });
    const before = picture(dir);
    const copy = join(dir, '../work/source');
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, 'stale'), '');
    await makeWorkingCopy(source, copy);
    expect(await treeId(copy)).toBe(source.treeId);
    expect(readFileSync(join(copy, 'Dockerfile'), 'utf8')).toBe('FROM scratch\n');
    expect(existsSync(join(copy, 'bundles'))).toBe(false);
    expect(existsSync(join(copy, 'stale'))).toBe(false);
    expect(statSync(join(copy, 'hack/make.sh')).mode).toBe(statSync(join(dir, 'hack/make.sh')).mode);
    const inCopy = (...args: string[]) => execFileSync('git', ['-C', copy, ...args], { encoding: 'utf8' }).trim();
    expect(inCopy('rev-parse', 'HEAD')).toBe(commit);
    expect(inCopy('describe', '--tags', '--exact-match')).toBe('v20.10.12');
    expect(inCopy('status', '--porcelain')).toBe('M Dockerfile\n?? link');
    expect(readdirSync(join(copy, '..'))).toEqual(['source']);
    expect(picture(dir)).toEqual(before);
  });

  it('of a worktree leaves the original repository alone', async () => {
    const worktree = join(dir, '../worktree');
    git('worktree', 'add', '-q', '--detach', worktree);
    const source = await inspectExisting(worktree, { commit });
    expect(source.commit).toBe(commit);
    const before = picture(join(dir, '.git'));
    const copy = join(dir, '../copy');
    await makeWorkingCopy(source, copy);
    execFileSync('git', ['-C', copy, 'tag', 'only-here']);
    writeFileSync(join(copy, 'x'), '');
    execFileSync('git', ['-C', copy, 'add', 'x']);
    expect(picture(join(dir, '.git'))).toEqual(before);
  });

  it('of a shallow clone that borrows its objects works as well', async () => {
    const shallow = join(dir, '../shallow');
    execFileSync('git', ['clone', '-q', '--shared', dir, shallow]);
    const source = await inspectExisting(shallow, { commit });
    const copy = join(dir, '../copy');
    await makeWorkingCopy(source, copy);
    expect(
      execFileSync('git', ['-C', copy, 'fsck', '--full'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    ).toBe('');
    expect(execFileSync('git', ['-C', copy, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  });

  it('of a tree without .git is one without .git', async () => {
    rmSync(join(dir, '.git'), { recursive: true });
    const copy = join(dir, '../copy');
    await makeWorkingCopy(await inspectExisting(dir), copy);
    expect(existsSync(join(copy, '.git'))).toBe(false);
    expect(await treeId(copy)).toBe(await treeId(dir));
  });
});
