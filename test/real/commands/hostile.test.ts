import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchComponent } from '../../../src/source/fetch-component.ts';
import { fetchSource } from '../../../src/source/fetch.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { arm, picture, REMOTES, takeAway, Trap } from './hostile.ts';
import { OWN_IMAGES, Stage } from './stage.ts';

/** A command that looks at a directory or clones from it, and the exit codes that it may end with: what is missing is an error for some. */
type Case = readonly [title: string, argv: (place: Places) => readonly string[], codes: readonly number[]];

interface Places {
  /** A work tree whose repository lacks a folder of its commit. */
  readonly lacking: string;
  /** One that lacks nothing. */
  readonly whole: string;
  /** A linked work tree of the one that lacks. */
  readonly linked: string;
  /** A bare one that lacks. */
  readonly bare: string;
  /** A bare one that lacks nothing. */
  readonly wholeBare: string;
}

let stage: Stage;
let places: Places;
let trap: Trap;
let before: readonly string[];

const COMMON = ['--profile', 'cn', '--no-probe', ...OWN_IMAGES];

function copyOf(name: string, bare: boolean): string {
  const dir = join(stage.dir, 'theirs', bare ? `${name}.git` : name);
  if (bare) cpSync(join(stage.tree, '.git'), dir, { recursive: true });
  else cpSync(stage.tree, dir, { recursive: true, verbatimSymlinks: true });
  if (bare) execFileSync('git', ['--git-dir', dir, 'config', 'core.bare', 'true']);
  return dir;
}

beforeAll(() => {
  stage = new Stage();
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: stage.tree });
  };
  writeFileSync(join(stage.tree, 'hack/later.sh'), '#!/bin/sh\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'later');
  git('tag', 'v20.10.13');
  git('checkout', '--quiet', 'v20.10.12');
  const lacking = copyOf('lacking', false);
  const linked = join(stage.dir, 'theirs/linked');
  execFileSync('git', ['-C', lacking, 'worktree', 'add', '--quiet', '--detach', linked]);
  places = {
    ...{ lacking, linked, whole: copyOf('whole', false) },
    ...{ bare: copyOf('bare', true), wholeBare: copyOf('wholeBare', true) },
  };
  trap = new Trap(join(stage.dir, 'trap'));
  const remote = REMOTES.uploadpack(trap, places.wholeBare);
  for (const dir of [join(lacking, '.git'), join(places.whole, '.git'), places.bare, places.wholeBare])
    arm(dir, trap, remote);
  for (const dir of [join(lacking, '.git'), places.bare]) takeAway(dir, 'v20.10.12:hack');
  before = picture(join(stage.dir, 'theirs'));
});
beforeEach(() => {
  trap.sprung();
});
afterAll(() => {
  runCleanups();
  stage.remove();
});

const onMachine = {
  env: { ...process.env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
};

describe('the trap', () => {
  it.each<[string, keyof Places, readonly string[], string]>([
    ['a promisor’s uploadpack', 'lacking', ['ls-tree', '-r', 'HEAD'], 'uploadpack'],
    ['the same in a bare one', 'bare', ['ls-tree', '-r', 'v20.10.12'], 'uploadpack'],
    ['a monitor of an included file', 'whole', ['status'], 'worktree-fsmonitor'],
    ['a hook', 'whole', ['update-ref', 'refs/tags/x', 'HEAD'], 'hook-reference-transaction'],
  ])('springs for %s where git is asked in the repository itself', (_, place, args, expected) => {
    const copy = join(stage.dir, 'sprung', place + expected);
    mkdirSync(join(stage.dir, 'sprung'), { recursive: true });
    cpSync(places[place], copy, { recursive: true, verbatimSymlinks: true });
    spawnSync('git', ['-C', copy, ...args], onMachine);
    expect(trap.sprung()).toContain(expected);
  });

  it.each(['ext::', 'ssh'] as const)('springs for a promisor behind %s', (kind) => {
    const copy = join(stage.dir, 'sprung', kind.replaceAll(':', ''));
    cpSync(places.bare, copy, { recursive: true });
    arm(copy, trap, REMOTES[kind](trap, ''));
    spawnSync('git', ['-C', copy, 'ls-tree', '-r', 'v20.10.12'], onMachine);
    expect(trap.sprung()).toContain(kind === 'ssh' ? 'ssh-command' : 'ext');
  });
});

const CASES: readonly Case[] = [
  ['audit', ({ lacking }) => ['audit', '--source', lacking, ...COMMON], [0]],
  ['audit of a linked work tree', ({ linked }) => ['audit', '--source', linked, ...COMMON], [0]],
  [
    'audit --ref A..B',
    ({ lacking }) => ['audit', '--source', lacking, '--ref', 'v20.10.12..v20.10.13', ...COMMON],
    [4],
  ],
  ['audit --tags', ({ lacking }) => ['audit', '--source', lacking, '--tags', 'v20.10.*', ...COMMON], [4]],
  ['audit --ref in a bare clone', ({ bare }) => ['audit', '--source', bare, '--ref', 'v20.10.12', ...COMMON], [4]],
  [
    'audit --tags in a bare clone',
    ({ wholeBare }) => ['audit', '--source', wholeBare, '--tags', 'v20.10.*', ...COMMON],
    [0],
  ],
  [
    'mirrors probe',
    ({ lacking }) => ['mirrors', 'probe', '--source', lacking, '--profile', 'direct', '--probe-timeout', '1'],
    [0, 5],
  ],
  ['patch', ({ lacking }) => ['patch', '--source', lacking, '--out', 'patches', ...COMMON], [0]],
  ['build --dry-run', ({ lacking }) => ['build', '--dry-run', '--source', lacking, ...COMMON], [0]],
  ['build of what lacks', ({ lacking }) => ['build', '--source', lacking, '--out', 'out1', ...COMMON], [4]],
  ['build', ({ whole }) => ['build', '--source', whole, '--out', 'out2', ...COMMON], [0, 1, 7]],
];

describe("a directory of the user's", () => {
  it.each(CASES)('%s runs nothing that its repository names, and changes nothing in it', async (_, argv, codes) => {
    const { status, stderr } = await stage.run(argv(places));
    expect(trap.sprung()).toEqual([]);
    expect(picture(join(stage.dir, 'theirs'))).toEqual(before);
    expect(codes, stderr).toContain(status);
    expect(stderr).not.toContain('mistake in moby-build');
  });

  it.each(['ext::', 'ssh', 'vcs'] as const)('with a promisor behind %s is read all the same', async (kind) => {
    const dir = join(stage.dir, 'more', kind.replaceAll(':', ''));
    cpSync(places.lacking, dir, { recursive: true, verbatimSymlinks: true });
    arm(join(dir, '.git'), trap, REMOTES[kind](trap, ''));
    const { status } = await stage.run(['audit', '--source', dir, ...COMMON]);
    expect([status, trap.sprung()]).toEqual([0, []]);
  });
});

describe("a URL of the user's directory", () => {
  const commit = (): string => stage.commit;

  it.each(['full', 'files'] as const)('is cloned from (%s), and serves as it is', async (mode) => {
    const candidates = [{ mirror: 'm', url: `file://${places.wholeBare}` }];
    const dir = join(stage.dir, `clone-${mode}/moby`);
    const access = new GitAccess({ env: process.env });
    const got = await fetchSource({ ref: 'v20.10.12', commit: commit(), candidates, dir, mode, access });
    expect(got).toMatchObject({ commit: commit(), failed: [] });
    expect(trap.sprung()).toEqual([]);
    expect(picture(join(stage.dir, 'theirs'))).toEqual(before);
  });

  it.each(['file://', ''])('that lacks objects (%sPATH) fails, and asks nobody for them', async (scheme) => {
    const candidates = [{ mirror: 'm', url: `${scheme}${places.bare}` }];
    const wish = { title: 'c', commit: commit(), tag: 'v20.10.12', described: false };
    const dir = join(stage.dir, 'component');
    const access = new GitAccess({ env: process.env });
    await expect(fetchComponent(wish, { candidates, dir, access })).rejects.toMatchObject({ code: 'no-usable-mirror' });
    expect(trap.sprung()).toEqual([]);
    expect(picture(join(stage.dir, 'theirs'))).toEqual(before);
  });

  it('may leave the .git at its end to git', async () => {
    const candidates = [{ mirror: 'm', url: `file://${places.wholeBare.replace(/\.git$/u, '')}` }];
    const wish = { title: 'c', commit: commit(), tag: 'v20.10.12', described: false };
    const access = new GitAccess({ env: process.env });
    const got = await fetchComponent(wish, { candidates, dir: join(stage.dir, 'short'), access });
    expect(got.commit).toBe(commit());
    expect(trap.sprung()).toEqual([]);
  });

  it('that lacks objects is no source either', async () => {
    const args = ['audit', '--source', `file://${places.bare}`, '--ref', 'v20.10.12', '--commit', commit(), ...COMMON];
    const { status, stderr } = await stage.run(args);
    expect(status, stderr).toBe(5);
    expect(stderr).not.toContain('mistake in moby-build');
    expect(trap.sprung()).toEqual([]);
    expect(picture(join(stage.dir, 'theirs'))).toEqual(before);
  });
});
