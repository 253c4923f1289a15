import { Linter } from 'eslint';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRepositoryFile, ROOT } from './repository.ts';

const directory = mkdtempSync(join(tmpdir(), 'moby-build-launcher-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const LAUNCHER = join(ROOT, 'bin/moby-build.cjs');
const parses = (text: string) =>
  new Linter().verify(text, { languageOptions: { ecmaVersion: 5, sourceType: 'script' } });

/** Runs the launcher in a Node that says it is another; a stand-in for the program says that it was reached. */
function launch(version: string, ...args: string[]) {
  const preload = join(directory, `${version}.cjs`);
  writeFileSync(
    preload,
    [
      `Object.defineProperty(process.versions, 'node', { value: '${version}' });`,
      "const Module = require('node:module');",
      'const load = Module._load;',
      "Module._load = (request, ...rest) => (request === './run.cjs' ? process.stdout.write('started') : load(request, ...rest));",
    ].join('\n'),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', preload, LAUNCHER, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('bin/moby-build.cjs', () => {
  it('can be read by a Node that knows ES5 only', () => {
    expect(parses(readRepositoryFile('bin/moby-build.cjs'))).toEqual([]);
    // The check itself: what is newer is not taken for ES5.
    expect(parses('const a = () => import("x");')).toMatchObject([{ fatal: true }]);
  });

  it('is executable, and what package.json starts', () => {
    const mode = execFileSync('git', ['ls-files', '-s', 'bin/moby-build.cjs'], { cwd: ROOT, encoding: 'utf8' });
    expect(mode).toMatch(/^100755 /u);
    expect(JSON.parse(readRepositoryFile('package.json'))).toMatchObject({
      bin: { 'moby-build': 'bin/moby-build.cjs' },
    });
  });

  it.each(['20.19.0', '20.20.2', '21.0.0', '22.12.0', '24.1.0', '100.0.0'])('goes on with Node %s', (version) => {
    expect(launch(version)).toEqual({ status: 0, stdout: 'started', stderr: '' });
  });

  it.each(['0.10.48', '4.9.1', '12.22.0', '18.20.8', '20.18.3', '20.9.0'])(
    'says what to install with Node %s, exit 3',
    (version) => {
      const { status, stdout, stderr } = launch(version);
      expect(status).toBe(3);
      expect(stdout).toBe('');
      expect(stderr).toContain(`moby-build needs Node.js 20.19 or newer; this is ${version}`);
      expect(stderr).toContain('https://nodejs.org/en/download');
    },
  );

  it('asks for the version that package.json states', () => {
    const { engines } = JSON.parse(readRepositoryFile('package.json')) as { engines: { node: string } };
    expect(engines.node).toBe('>=20.19.0');
  });

  it('says it in JSON too, on stdout', () => {
    const { status, stdout } = launch('18.0.0', 'patch', '--json');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'old-node', exitCode: 3, where: process.execPath } });
  });
});
