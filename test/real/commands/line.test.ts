import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, packageVersion } from '../../../src/system/package-root.ts';
import { Stage } from './stage.ts';

/** The line as people write it, with the program itself. */
let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

const BIN = join(packageRoot(), 'bin/moby-build.cjs');

describe('help and version', () => {
  it.each([['--version'], ['-v'], ['-V'], ['version']])('%s', async (word) => {
    expect(await stage.run([word])).toMatchObject({ status: 0, stdout: `${packageVersion()}\n`, stderr: '' });
  });

  it.each([[['-h']], [['help']], [['help', 'patch']], [['patch', '-h', '--all']], [['-h', '--nonsense']]])(
    '%j',
    async (words) => {
      const { status, stdout, stderr } = await stage.run(words);
      expect(stdout).toMatch(/^Usage: moby-build /u);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );
});

describe('a directory that is gone', () => {
  it('is said in a sentence; help needs none', () => {
    const gone = join(stage.dir, 'gone');
    // The shell stands in it, and takes it away before it starts the program.
    const inside = (words: string) => {
      mkdirSync(gone);
      const { status, stdout, stderr } = spawnSync('sh', ['-c', `rmdir ../gone; exec "$NODE" "$BIN" ${words}`], {
        cwd: gone,
        env: stage.environment({ NODE: process.execPath, BIN }),
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    for (const words of ['clean', 'verify DIR', 'patch --source x', 'mirrors list']) {
      const { status, stderr } = inside(words);
      expect(stderr).toMatch(/^moby-build: The current directory is gone\.\n/mu);
      expect(stderr).toContain('next: cd "$HOME"');
      expect(stderr).not.toMatch(/mistake in moby-build|^\s+at /mu);
      expect(status).toBe(2);
    }
    expect(JSON.parse(inside('clean --json').stdout)).toMatchObject({ error: { code: 'no-such-directory' } });
    expect(inside('--help')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('where one stands', () => {
  const audit = ['audit', '--profile', 'cn', '--no-probe', '--json'];

  it.each([['.'], ['hack'], ['hack/dockerfile/install']])('audit in %s of a tree takes that tree', (folder) => {
    const { status, stdout } = inFolder(join(stage.tree, folder), audit);
    expect(status).toBe(0);
    const { commit, notes } = JSON.parse(stdout) as { commit: string; notes: { code: string; message: string }[] };
    expect(commit).toBe(stage.commit);
    expect(notes.find(({ code }) => code === 'tree-here')?.message).toContain(stage.tree);
  });

  it('a ref on the line is what is meant', () => {
    const { status, stderr } = inFolder(stage.tree, ['patch', '--ref', 'no-such-tag', '--no-probe']);
    expect(status).toBe(2);
    expect(stderr).toContain('no-such-tag is no tag of moby that is known here');
  });

  it('a directory in a tree, or around one, is answered with the tree', async () => {
    const around = join(stage.dir, 'around');
    mkdirSync(around);
    cpSync(stage.tree, join(around, 'my moby'), { recursive: true });
    mkdirSync(join(around, 'else'));
    for (const [given, meant] of [
      [join(stage.tree, 'hack'), stage.tree],
      [around, `'${around}/my moby'`],
    ] as const) {
      const { status, stderr } = await stage.run(['audit', '--source', given, '--no-probe']);
      expect(status).toBe(4);
      expect(stderr).toContain(`next: moby-build audit --no-probe --source ${meant}\n`);
    }
  });
});

describe('a ref that is written another way', () => {
  it.each([
    ['v29.7.2', 'docker-v29.7.2'],
    ['29.7.2', 'docker-v29.7.2'],
    ['docker-29.7.2', 'docker-v29.7.2'],
    ['20.10.12', 'v20.10.12'],
    ['latest', 'docker-v29.'],
  ])('%s is answered before this machine is looked at', async (ref, meant) => {
    // No docker, no git, nothing.
    const { status, stderr } = await stage.run(['--ref', ref], { PATH: stage.bin });
    expect(status).toBe(2);
    expect(stderr).toContain(`next: moby-build --ref ${meant}`);
    expect(stderr).not.toContain('This machine cannot build');
  });
});

describe('mirrors probe --save', () => {
  it.each([
    ['a file of somebody', 'notes.txt', 'my notes\n', 2, 'is there already, and no probe wrote it'],
    ['a directory', 'folder/', '', 2, 'is a directory'],
    ['a file in no directory', 'nowhere/x.yaml', '', 2, 'is not there, so no profile can be saved in it'],
  ])('never touches %s', async (_, name, text, code, words) => {
    const path = join(stage.cwd, name);
    if (name.endsWith('/')) mkdirSync(path);
    else if (text !== '') writeFileSync(path, text);
    const { status, stderr } = await stage.run(['mirrors', 'probe', '--source', stage.tree, '--save', name]);
    expect({ status, said: stderr.includes(words) }).toEqual({ status: code, said: true });
    if (text !== '') expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

/** Runs the program where nobody else of these tests stands. */
function inFolder(cwd: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
    cwd,
    env: stage.environment(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('what is set and not heard', () => {
  it.each([
    [['clean']],
    [['mirrors', 'list']],
    [['cache', 'ls']],
    [['smoke', '--list']],
    [['clean', '--json', '--quiet']],
  ])('is told by %j: a misspelt variable, a second file', async (words) => {
    writeFileSync(join(stage.cwd, 'moby-build.yaml'), '# nothing yet\n');
    writeFileSync(join(stage.cwd, 'moby-build.json'), '{}\n');
    const { status, stdout, stderr } = await stage.run(words, { MOBY_BUILD_ARHC: 'arm64' });
    expect(stderr).toContain('MOBY_BUILD_ARHC is set in the environment and means nothing');
    expect(stderr).toContain('did you mean MOBY_BUILD_ARCH?');
    expect(stderr).toContain('moby-build.json is not read, because moby-build.yaml is there too.');
    expect(stdout).not.toContain('ARHC');
    expect(status).toBe(0);
  });
});
