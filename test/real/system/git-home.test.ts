import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gitIn, runGit } from '../../../src/system/git/git.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { run } from '../../../src/system/process/run.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';

const base = mkdtempSync(join(tmpdir(), 'git-home-test-'));
afterAll(() => {
  runCleanups();
  rmSync(base, { recursive: true, force: true });
});

const trace = join(base, 'ran');
function evil(name: string): string {
  const path = join(base, name);
  writeFileSync(path, `#!/bin/sh\necho ${name} >> ${trace}\ncat\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("the user's configuration", () => {
  const home = join(base, 'home');
  mkdirSync(home);
  mkdirSync(join(base, 'hooks'));
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
    writeFileSync(join(base, 'hooks', hook), `#!/bin/sh\necho ${hook} >> ${trace}\n`);
    chmodSync(join(base, 'hooks', hook), 0o755);
  }
  mkdirSync(join(base, 'templates/hooks'), { recursive: true });
  writeFileSync(join(base, 'templates/from-template'), '');
  writeFileSync(join(base, 'included'), '[http]\n\tproxy = http://proxy.example:3128\n');
  writeFileSync(
    join(home, '.gitconfig'),
    `[core]
	hooksPath = ${join(base, 'hooks')}
	fsmonitor = ${evil('fsmonitor')}
	askPass = ${evil('askpass')}
	autocrlf = true
[init]
	templateDir = ${join(base, 'templates')}
[credential]
	helper = ${evil('helper')}
[filter "lfs"]
	smudge = ${evil('smudge')}
	clean = ${evil('clean')}
	required = true
[url "http://elsewhere.example/"]
	insteadOf = https://github.com/
[http "https://git.corp.example/"]
	sslCAInfo = /etc/corp.pem
[include]
	path = ${join(base, 'included')}
[alias]
	rev-parse = !echo alias
`,
  );
  writeFileSync(join(home, '.netrc'), 'machine git.corp.example login a password b\n');
  const ambient = {
    PATH: process.env['PATH'],
    HOME: home,
    GIT_SSL_CAINFO: '/etc/own.pem',
    GIT_DIR: '/nonexistent',
    GIT_ASKPASS: evil('askpass-variable'),
    GIT_EXTERNAL_DIFF: 'x',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.version',
    GIT_CONFIG_VALUE_0: 'HTTP/1.1',
    EDITOR: 'vi',
    https_proxy: 'http://proxy.example:3128',
  };

  it('counts where it says how the network is reached, and nowhere else', async () => {
    const env = await new GitAccess({ env: ambient }).environmentFor('https://git.corp.example/x');
    const repository = join(base, 'work');
    const git = async (...args: string[]) =>
      (await run({ file: 'git', args, env, cwd: base }, { cleanEnv: true })).stdout.trim();
    await git('init', '-q', repository);
    writeFileSync(join(repository, 'file'), 'a\r\nb\r\n');
    writeFileSync(join(repository, '.gitattributes'), '* filter=lfs\n');
    const inside = (...args: string[]) => git('-C', repository, ...args);
    await inside('add', '-A');
    await inside('-c', 'user.name=x', '-c', 'user.email=x@x.example', 'commit', '-q', '-m', 'x');
    await inside('checkout', '-q', '--detach');
    expect(await inside('cat-file', 'blob', 'HEAD:file')).toBe('a\r\nb');
    expect(existsSync(trace)).toBe(false);
    expect(existsSync(join(repository, '.git/from-template'))).toBe(false);

    expect(await inside('config', 'http.proxy')).toBe('http://proxy.example:3128');
    expect(await inside('config', 'http.version')).toBe('HTTP/1.1');
    expect(await inside('config', 'http.https://git.corp.example/.sslCAInfo')).toBe('/etc/corp.pem');
    expect(await inside('ls-remote', '--get-url', 'https://github.com/moby/moby')).toBe('https://github.com/moby/moby');
    expect(env).toMatchObject({ GIT_SSL_CAINFO: '/etc/own.pem', https_proxy: 'http://proxy.example:3128' });
    expect(env).not.toHaveProperty('GIT_DIR');
    expect(env).not.toHaveProperty('GIT_EXTERNAL_DIFF');
    expect(env).not.toHaveProperty('EDITOR');
    expect(readFileSync(join(env['HOME'] ?? '', '.netrc'), 'utf8')).toContain('git.corp.example');
  });

  it('never asks for a password, in any way', async () => {
    const env = await new GitAccess({ env: ambient }).environmentFor('https://x.example/x');
    const input = 'protocol=https\nhost=x.example\n\n';
    const { exitCode, stderr } = await run(
      { file: 'git', args: ['credential', 'fill'], env, cwd: base },
      { cleanEnv: true, input, allowFailure: true, timeoutMs: 10_000 },
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('terminal prompts disabled');
    expect(existsSync(trace)).toBe(false);
  });
});

describe("a repository's own configuration", () => {
  it('does not run hooks or monitors, and one of another user is read', async () => {
    const dir = join(base, 'theirs');
    execFileSync('git', ['init', '-q', dir]);
    writeFileSync(join(dir, 'file'), 'x');
    execFileSync('git', ['-C', dir, 'add', '-A']);
    execFileSync('git', ['-C', dir, '-c', 'user.name=x', '-c', 'user.email=x@x.example', 'commit', '-q', '-m', 'x']);
    execFileSync('git', ['-C', dir, 'config', 'core.fsmonitor', evil('their-monitor')]);
    execFileSync('git', ['-C', dir, 'config', 'core.hooksPath', join(base, 'hooks')]);
    if (process.geteuid?.() === 0) execFileSync('chown', ['-R', '1234:1234', dir]);
    rmSync(trace, { force: true });
    const git = gitIn(dir);
    expect((await git.status()).isClean()).toBe(true);
    await git.raw('update-ref', 'refs/tags/x', 'HEAD');
    expect((await runGit(dir, ['rev-parse', 'x'])).stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect(existsSync(trace)).toBe(false);
  });

  it('is not looked for in the directories above', async () => {
    const outer = join(base, 'outer');
    execFileSync('git', ['init', '-q', outer]);
    mkdirSync(join(outer, 'inner'));
    expect((await runGit(join(outer, 'inner'), ['rev-parse', '--git-dir'], { allowFailure: true })).exitCode).not.toBe(
      0,
    );
    expect((await runGit(outer, ['rev-parse', '--git-dir'])).exitCode).toBe(0);
  });

  it('blobs come as they are', async () => {
    const dir = join(base, 'bytes');
    execFileSync('git', ['init', '-q', dir]);
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const id = execFileSync('git', ['-C', dir, 'hash-object', '-w', '--stdin'], {
      input: bytes,
      encoding: 'utf8',
    }).trim();
    const { stdout } = await runGit(dir, ['cat-file', 'blob', id], { encoding: 'buffer' });
    expect(Buffer.from(stdout)).toEqual(bytes);
  });
});
