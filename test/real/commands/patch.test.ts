import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { ofTree, Stage } from './stage.ts';

let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

/** Every file below a directory with its bytes. */
function snapshot(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/.git/'))
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
  );
}

const git = (cwd: string, args: readonly string[], input?: string): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });

describe('moby-build patch', () => {
  it('prints a patch set that git apply and git am both take, to the same bytes, and changes nothing', async () => {
    const before = snapshot(stage.tree);
    const { status, stdout, stderr } = await stage.run(['patch', ...ofTree(stage)]);
    expect(status).toBe(0);
    expect(stderr).toContain('All 14 egress points');
    expect(snapshot(stage.tree)).toEqual(before);
    expect(readdirSync(stage.cwd)).toEqual([]);
    const [applied, mailed] = [join(stage.dir, 'applied'), join(stage.dir, 'mailed')];
    for (const dir of [applied, mailed]) cpSync(stage.tree, dir, { recursive: true });
    git(applied, ['update-index', '--refresh', '-q']);
    git(applied, ['apply', '--index'], stdout);
    git(mailed, ['am', '--quiet'], stdout);
    expect(git(applied, ['write-tree'])).toBe(git(mailed, ['rev-parse', 'HEAD^{tree}']));
  });

  it('gives the same bytes each time, whoever asks and wherever', async () => {
    const first = await stage.run(['patch', ...ofTree(stage)]);
    const other = join(stage.dir, 'elsewhere');
    mkdirSync(other);
    writeFileSync(
      join(other, '.gitconfig'),
      '[user]\n name = Zoë\n[diff]\n noprefix = true\n context = 9\n[format]\n signOff = true\n',
    );
    const second = await stage.run(['patch', ...ofTree(stage)], {
      HOME: other,
      LANG: 'de_DE.UTF-8',
      GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
      TZ: 'Asia/Shanghai',
    });
    expect(second.stdout).toBe(first.stdout);
    expect(first.stdout.length).toBeGreaterThan(1000);
  });

  it('is the recipe of 2022 for profile 163, no more and no less, and says what that leaves', async () => {
    const { status, stdout, stderr } = await stage.run(['patch', '--source', stage.tree, '--profile', '163']);
    const changed = stdout.split('\n').filter((line) => /^[-+](?![-+])/u.test(line));
    const clone = (sign: string, url: string) =>
      expect.stringMatching(new RegExp(`^[${sign}]\\tgit clone ${url}`, 'u')) as string;
    const eight = ['buster', 'buster-updates', 'buster-backports'].map(
      (suite) => `http://mirrors.163.com/debian/ ${suite} main non-free contrib`,
    );
    const security = 'http://mirrors.163.com/debian-security/ buster/updates main non-free contrib';
    expect(changed).toEqual([
      '+ADD sources.list /etc/apt/sources.list',
      ...eight.map((rest) => `+deb ${rest}`),
      ...eight.map((rest) => `+deb-src ${rest}`),
      `+deb ${security}`,
      `+deb-src ${security}`,
      ...['containerd/containerd', 'docker/libnetwork', 'opencontainers/runc', 'krallin/tini'].flatMap((repo) => [
        clone('-', `https://github\\.com/${repo}\\.git`),
        clone('+', `https://ghproxy\\.com/https://github\\.com/${repo}\\.git`),
      ]),
      '+\texport GOPROXY="https://goproxy.cn"',
    ]);
    expect(stderr).toContain('8 of the 14 egress points');
    expect(stderr).toMatch(/6 egress points .* are left/u);
    expect(status).toBe(0);
  });

  it('writes numbered files and a series for --out, and their paths on stdout', async () => {
    const out = join(stage.dir, 'set');
    const { status, stdout } = await stage.run(['patch', ...ofTree(stage), '--out', out]);
    expect(status).toBe(0);
    const files = readdirSync(out).sort();
    expect(files.at(-1)).toBe('series');
    expect(files.slice(0, -1).every((name, index) => name.startsWith(String(index + 1).padStart(4, '0')))).toBe(true);
    expect(readFileSync(join(out, 'series'), 'utf8').trim().split('\n')).toEqual(files.slice(0, -1));
    expect(
      stdout
        .trim()
        .split('\n')
        .map((path) => path.split('/').at(-1))
        .sort(),
    ).toEqual(files);
    const dir = join(stage.dir, 'by-files');
    cpSync(stage.tree, dir, { recursive: true });
    git(dir, ['am', '--quiet', ...files.slice(0, -1).map((name) => join(out, name))]);
  });

  it('changes nothing the second time, and says so', async () => {
    const { stdout } = await stage.run(['patch', ...ofTree(stage)]);
    const twice = join(stage.dir, 'twice');
    cpSync(stage.tree, twice, { recursive: true });
    git(twice, ['am', '--quiet'], stdout);
    const again = await stage.run(['patch', '--source', twice, '--profile', 'cn', '--no-probe']);
    expect(again.stdout).toBe('');
    expect(again.stderr).toContain('nothing changes');
    expect(again.status).toBe(0);
  });

  it('cross-compiles for another architecture, by a first patch that git am takes', async () => {
    const other = process.arch === 'arm64' ? 'amd64' : 'arm64';
    const { stdout, stderr } = await stage.run(['patch', ...ofTree(stage), '--arch', other]);
    expect(stdout.split(/^From 0{40} /mu)[1]).toContain(`+ENV GOARCH=${other} CGO_ENABLED=1 CC=`);
    expect(stderr).toContain(`cross-compiled for ${other}`);
    expect(stderr).toContain(`--platform linux/${other}`);
    const crossed = join(stage.dir, 'crossed');
    cpSync(stage.tree, crossed, { recursive: true });
    git(crossed, ['am', '--quiet'], stdout);
    expect(readFileSync(join(crossed, 'Dockerfile'), 'utf8')).toContain('FROM --platform=$BUILDPLATFORM ');
    const words = ['--ref', 'v20.10.12', '--profile', 'cn', '--no-probe'];
    const again = await stage.run(['patch', '--source', crossed, ...words, '--arch', other]);
    expect(again.stdout).toBe('');
    expect(again.status).toBe(0);
    const emulated = await stage.run(['patch', ...ofTree(stage), '--arch', other, '--emulate']);
    expect(emulated.stdout).toContain('+++ b/Dockerfile');
    expect(emulated.stdout).not.toContain('ENV GOARCH');
  });

  it('tells everything in one document with --json', async () => {
    const { status, stdout } = await stage.run(['patch', ...ofTree(stage), '--json', '--arch', 'arm64', '--emulate']);
    const document = JSON.parse(stdout) as {
      ref: string;
      commit: string;
      platform: string;
      points: { via: string; inClosure: boolean; mirror: string | null }[];
      totals: { closure: number; covered: number; uncovered: number };
      patches: { name: string; files: string[] }[];
      build: { command: string; args: string[] };
    };
    expect(document).toMatchObject({ ref: 'v20.10.12', commit: stage.commit, platform: 'linux/arm64' });
    expect(document.totals).toMatchObject({ closure: 14, covered: 14, uncovered: 0 });
    expect(document.points.filter(({ inClosure }) => inClosure)).toHaveLength(14);
    expect(document.build.command).toContain('make binary VERSION=20.10.12');
    expect(document.patches.flatMap(({ files }) => files)).toContain('Dockerfile');
    expect(status).toBe(0);
  });

  it('fetches the dozen files that it reads, not the repository', async () => {
    const big = join(stage.dir, 'big');
    cpSync(stage.tree, big, { recursive: true });
    mkdirSync(join(big, 'vendor'));
    // Random bytes do not compress: a clone that takes them is seen.
    execFileSync('dd', ['if=/dev/urandom', `of=${join(big, 'vendor/blob.bin')}`, 'bs=1M', 'count=8'], {
      stdio: 'ignore',
    });
    git(big, ['add', '--all']);
    git(big, ['commit', '--quiet', '--message', 'vendor']);
    git(big, ['tag', '--force', 'v20.10.12']);
    const commit = git(big, ['rev-parse', 'HEAD']).trim();
    const server = await startGitServer({
      '/moby.git': { kind: 'git', repository: makeBare(big, join(stage.dir, 'big.git')), allowFilter: true },
    });
    onTestFinished(() => server.close());
    const ran = await stage.run([
      'patch',
      '--source',
      `${server.url}/moby.git`,
      '--ref',
      'v20.10.12',
      '--commit',
      commit,
      '--profile',
      'cn',
      '--no-probe',
    ]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('ghfast.top');
    expect(server.requests.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1_000_000);
  });

  it('writes no escape code into a pipe, and with --quiet no progress', async () => {
    const { stdout, stderr } = await stage.run(['patch', ...ofTree(stage)], { TERM: 'xterm-256color', CI: '' });
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    const quiet = await stage.run(['patch', ...ofTree(stage), '--quiet']);
    expect(quiet.stdout).toBe(stdout);
    expect(quiet.stderr).not.toContain('places');
    expect(quiet.stderr).toContain('end-of-life');
  });
});
