import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

const stage = new Stage();
afterAll(() => {
  stage.remove();
});

/** Lines with a path of the user's own, as this stage's build or patch. */
const build = (...words: string[]): string[] => ['build', ...ofTree(stage), '--dry-run', ...words];

/** Words that Node puts before its own text, and its calls behind it. */
const RAW = /\bE[A-Z]{3,}: |, (?:open|mkdir|stat|lstat|scandir|access) '/u;

describe('a path that cannot be read or written is told in words, with a next command', { timeout: 120_000 }, () => {
  beforeAll(() => {
    mkdirSync(join(stage.dir, 'folder'));
    writeFileSync(join(stage.dir, 'file'), 'x');
    symlinkSync('loop', join(stage.dir, 'loop'));
  });

  const bad: Readonly<Record<string, () => string>> = {
    'below a file': () => join(stage.dir, 'file/x'),
    'round in a circle': () => join(stage.dir, 'loop/x'),
    'with a name that is too long': () => join(stage.dir, 'n'.repeat(300), 'x'),
    'where the kernel fills the files': () => '/proc/x',
    'deep where the kernel fills the files': () => '/proc/x/y',
  };
  const lines: Readonly<Record<string, (path: string) => string[]>> = {
    '--out of a build': (path) => build('--out', path),
    '--report': (path) => build('--report', `${path}.html`),
    '--lock': (path) => build('--lock', path),
    '--netrc': (path) => build('--netrc', path),
    '--ca': (path) => build('--ca', path),
    '--sources-list': (path) => build('--sources-list', path),
    '--work-dir': (path) => ['build', ...ofTree(stage), '--work-dir', path],
    '--out of patch': (path) => ['patch', ...ofTree(stage), '--out', path],
    '--out of a bundle': (path) => ['bundle', 'create', ...ofTree(stage), '--out', path],
    'a folder to verify': (path) => ['verify', path],
    'a folder for smoke': (path) => ['smoke', path],
    'a bundle': (path) => ['bundle', 'ls', path],
    'a log': (path) => ['explain', path],
    'a configuration to write': (path) => ['config', 'init', '--yes', '--config', path],
  };
  const cases = Object.keys(lines).flatMap((line) => Object.keys(bad).map((path) => [line, path] as const));

  it.each(cases)('%s, %s', async (line, path) => {
    const { status, stderr } = await stage.run((lines[line] ?? expect.fail())((bad[path] ?? expect.fail())()));
    const told = stderr.slice(stderr.indexOf('moby-build:'));
    expect(status, told).toBeGreaterThan(0);
    expect(told).not.toMatch(RAW);
    expect(told).not.toContain('mistake in moby-build');
    expect(told).toMatch(/^ {2}next: \S/mu);
  });

  it('is not to be made where the kernel fills the files', async () => {
    for (const words of [
      build('--report', '/proc/x/y/r.html'),
      ['bundle', 'create', ...ofTree(stage), '--out', '/proc/x/y/b.tar'],
    ]) {
      const { status, stderr } = await stage.run(words);
      expect(status).toBe(2);
      expect(stderr).toContain('the kernel fills /proc');
      expect(stderr).not.toContain('mkdir');
    }
  });

  it('before a build, not at its end', async () => {
    const { status, stderr } = await stage.run(['build', ...ofTree(stage), '--out', '/proc/x']);
    expect(status).toBe(2);
    expect(stderr).toContain('the kernel fills that file system');
    expect(stderr).not.toContain('Compile');
  });
});
