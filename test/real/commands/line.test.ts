import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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
