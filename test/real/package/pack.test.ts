import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../../src/config/options/option.ts';
import { packageRoot, packageVersion } from '../../../src/system/package-root.ts';

const directory = mkdtempSync(join(tmpdir(), 'moby-build-package-'));
const project = join(directory, 'project');
let listed: readonly { readonly path: string; readonly mode: number }[] = [];

/** npm without the registry: what an install needs has to be in the tarball. */
function npm(args: readonly string[], cwd: string): string {
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9', npm_config_cache: join(directory, 'cache') };
  return execFileSync('npm', [...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function installed(...args: string[]) {
  const result = spawnSync('npx', ['--no-install', 'moby-build', ...args], { cwd: project, encoding: 'utf8' });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

beforeAll(() => {
  const [packed] = JSON.parse(
    // npm pack shows its scripts' output on stdout by default: under CI colours that is no JSON any more.
    npm(['pack', '--json', '--foreground-scripts=false', '--pack-destination', directory], packageRoot()),
  ) as [{ filename: string; size: number; unpackedSize: number; files: typeof listed }];
  listed = packed.files;
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true}\n');
  npm(['install', '--offline', '--no-audit', '--no-fund', join(directory, packed.filename)], project);
  // eslint-disable-next-line no-console -- told, not asserted: sizes are for the reader of the log
  console.log(`tarball ${packed.size} bytes, unpacked ${packed.unpackedSize} bytes, ${listed.length} files`);
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the packed tarball', () => {
  it('holds only what runs, and what a licence asks for', () => {
    const top = new Set(listed.map(({ path }) => path.split('/')[0]));
    expect([...top].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'README.zh-CN.md',
        'bin',
        'dist',
        'man',
        'package.json',
        'patches',
        'schemas',
        'templates',
      ].sort(),
    );
    expect(listed.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['bin/moby-build.cjs', 'bin/run.cjs', 'dist/cli.js', 'dist/THIRD-PARTY-NOTICES.txt']),
    );
  });

  it('has nothing for publint to say', async () => {
    const pkgDir = join(project, 'node_modules/moby-build');
    expect((await publint({ pkgDir, pack: false, strict: true })).messages).toEqual([]);
  });

  it('installs without a registry, as one package', () => {
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/moby-build']);
    expect(statSync(join(project, 'node_modules/.bin/moby-build')).mode & 0o111).not.toBe(0);
  });

  it('says its version', () => {
    expect(installed('--version')).toEqual({ status: 0, stdout: `${packageVersion()}\n`, stderr: expect.any(String) });
  });

  it.each(COMMAND_NAMES)('helps with %s', (command) => {
    const { status, stdout } = installed(command, '--help');
    expect(status).toBe(0);
    // Completion prints a script, and no document.
    expect(stdout).toContain(command === 'completion' ? '--help' : '--json');
  });

  it('refuses wrong usage with exit 2, in words and in JSON', () => {
    const words = installed('--arch', 'arm46');
    expect(words).toMatchObject({ status: 2, stdout: '' });
    expect(words.stderr).toContain('did you mean arm64?');
    const document = installed('--arch', 'arm46', '--json');
    expect(document.status).toBe(2);
    expect(JSON.parse(document.stdout)).toMatchObject({ error: { code: 'usage', exitCode: 2, where: '--arch' } });
  });

  it('says of a folder that is no moby tree that it is none, exit 4', () => {
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    const { status, stdout } = installed('patch', '--source', empty, '--json');
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: { exitCode: 4 } });
  });

  it('leaves nothing in the project that it was not asked for', () => {
    expect(existsSync(join(project, 'moby-v20.10.12-linux-amd64'))).toBe(false);
  });
});
