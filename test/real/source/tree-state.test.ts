import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectExisting } from '../../../src/source/existing.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';

const base = mkdtempSync(join(tmpdir(), 'tree-state-'));
const original = join(base, 'light');
let commit = '';
beforeAll(() => {
  commit = materializeLightTree(original).commit ?? '';
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(base, 'case-')), "a tree of '26");
  cpSync(original, dir, { recursive: true, verbatimSymlinks: true });
});

const files = (): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).startsWith(join(dir, '.git/')))
    .map((entry) => join(entry.parentPath, entry.name));
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
};
const look = async () => {
  const { notes, faults, applyWith } = await inspectExisting(dir, { commit });
  return { codes: notes.map(({ code }) => code), faults: faults.map(({ code }) => code), applyWith, notes };
};
/** Runs the command that a hint gives, up to where its words begin. */
const mend = (hint: string | undefined): void => {
  execFileSync('bash', ['-c', /^\(.*?\)(?= (?:sets|takes) )/.exec(hint ?? '')?.[0] ?? 'false']);
};

describe('a tree on its way through other systems', () => {
  it('has nothing to say of one that is whole', async () => {
    expect(await look()).toEqual({ codes: [], faults: [], applyWith: null, notes: [] });
  });

  it('lost its execute bits: one note, and its command mends it', async () => {
    for (const file of files()) chmodSync(file, 0o644);
    const { codes, faults, notes } = await look();
    expect(codes).toEqual(['execute-bits-lost']);
    expect(faults).toEqual(codes);
    mend(notes[0]?.hint);
    expect((await look()).faults).toEqual([]);
  });

  it('is executable all over: one note, no fault, and git am is not the way', async () => {
    for (const file of files()) chmodSync(file, 0o777);
    const { codes, faults, applyWith } = await look();
    expect(codes).toEqual(['execute-bits-differ']);
    expect(faults).toEqual([]);
    expect(applyWith).toContain(' apply FILE');
  });

  it('has Windows line ends: one note, and its command mends it', async () => {
    for (const file of files()) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    const { codes, faults, notes } = await look();
    expect(codes).toEqual(['carriage-returns']);
    expect(faults).toEqual(codes);
    mend(notes[0]?.hint);
    expect((await look()).faults).toEqual([]);
  });

  it('tells a changed file apart from changed line ends', async () => {
    for (const file of files()) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    write('Dockerfile', 'FROM scratch\n');
    const { codes, notes } = await look();
    expect(codes).toEqual(['dirty-tree', 'carriage-returns']);
    expect(notes[0]?.message).toContain('in 1 file: Dockerfile');
  });

  it.each<[string, Record<string, string>, string | null]>([
    ['modules.txt, whole', { 'vendor/modules.txt': '# a v1\n## explicit\na/b\n', 'vendor/a/b/x.go': '' }, null],
    ['modules.txt, cut', { 'vendor/modules.txt': '# a v1\na/b\na/c\n', 'vendor/a/b/x.go': '' }, '1 of the 2 packages'],
    ['vendor.mod, and no vendor', { 'vendor.mod': 'module a\n' }, 'vendor/modules.txt, which vendor.mod stands for'],
    ['vendor.conf, whole', { 'vendor.conf': '# x\n\na/b v1 # y\n', 'vendor/a/b/c/x.go': '' }, null],
    [
      'vendor.conf, cut',
      { 'vendor.conf': 'a/b v1\na/c v2 https://g/c\n', 'vendor/a/c/x.go': 'import (\n\t"a/b/d"\n)\n' },
      ': a/b. ',
    ],
    // A fork that took a feature out: nothing wants the package, and vndr did not copy it.
    [
      'vendor.conf, with a line that nothing imports',
      { 'vendor.conf': 'a/b v1\na/c v2\n', 'vendor/a/c/x.go': '// see a/b\n', 'x_test.go': 'import "a/b"\n' },
      null,
    ],
  ])('vendor: %s', async (_, added, words) => {
    for (const [path, text] of Object.entries(added)) write(path, text);
    const { faults } = await inspectExisting(dir, { commit });
    expect(faults.map(({ code }) => code)).toEqual(words === null ? [] : ['vendor-cut']);
    expect(faults[0]?.message ?? '').toContain(words ?? '');
  });

  it('without .git, inside another repository, says how a patch set is applied there', async () => {
    rmSync(join(dir, '.git'), { recursive: true });
    execFileSync('git', ['init', '-q', dirname(dir)]);
    const { applyWith } = await inspectExisting(dir);
    const patch = 'diff --git a/Makefile b/Makefile\n--- a/Makefile\n+++ b/Makefile\n@@ -0,0 +1 @@\n+# new\n';
    write('Makefile', '');
    writeFileSync(join(base, 'FILE'), patch);
    execFileSync('bash', ['-c', applyWith?.replace('FILE', join(base, 'FILE')) ?? 'false']);
    expect(readFileSync(join(dir, 'Makefile'), 'utf8')).toBe('# new\n');
  });
});
