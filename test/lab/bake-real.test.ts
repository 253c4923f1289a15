import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HostRoot, mobyBuild } from '../real/package/host-root.ts';
import { makeHostRoots, startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';

const outOf = (target: string): string => `/root/moby-v26.1.5-linux-${target}`;
const machineOf = (target: string): string => (target === 'arm64' ? 'aarch64' : 'x86_64');

interface Verified {
  readonly binaries: readonly { readonly name: string; readonly machine: string; readonly static: boolean }[];
}

const registries = Object.keys(todaysMirrors).filter((host) => todaysMirrors[host]?.includes('image'));

/**
 * Lab D: moby 26.1.5, by bake, under profile cn: with its components for this machine, on base images of Debian's packages and Go's own release, without
 * any registry. For the other architecture: lab H.
 */
describe('moby 26.1.5, sealed', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ moby: 'trixie', mirrors: todaysMirrors });
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(() => {
    lab.clearLogs();
  });

  const commitOf = (repository: string): string => lab.repos[repository]?.commit ?? expect.fail(`no ${repository}`);

  async function build(target: string, flags: readonly string[]): Promise<void> {
    const line = ['moby-build', '--ref', 'v26.1.5', '--commit', commitOf('moby/moby'), '--arch', target];
    line.push('--profile', 'cn', '--no-probe', ...flags);
    const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: 45 * 60_000 });
    expect(stderr.slice(-4000)).toContain('The binaries are in');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${outOf(target)}\n`);
  }

  async function said(...argv: string[]): Promise<string> {
    return (await lab.exec(argv)).stdout.trim();
  }

  async function verified(target: string): Promise<Verified['binaries']> {
    const { exitCode, stdout } = await lab.exec(['moby-build', 'verify', outOf(target), '--json']);
    expect(exitCode).toBe(0);
    const programs = (JSON.parse(stdout) as Verified).binaries.filter(({ name }) => !name.endsWith('.sh'));
    expect(programs.filter(({ machine }) => machine !== machineOf(target))).toEqual([]);
    expect(programs.filter((binary) => !binary.static)).toEqual([]);
    return programs;
  }

  /** Who served what, by kind; nobody else was asked for. */
  function served(): Record<string, string[]> {
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
    const hosts = new Map<string, Set<string>>();
    for (const { host, kind, status } of lab.requests())
      if (status < 400) hosts.set(kind, (hosts.get(kind) ?? new Set()).add(host));
    return Object.fromEntries([...hosts].map(([kind, set]) => [kind, [...set]]));
  }

  /** The first of the profile for each kind; of the images some are asked of others too. */
  const FIRST: Record<string, string[]> = {
    git: ['ghfast.top'],
    apt: ['mirrors.aliyun.com'],
    go: ['goproxy.cn'],
  };

  describe('with containerd, runc, tini and rootlesskit, from their own sources', () => {
    const OUT = outOf(arch);
    beforeAll(async () => {
      await lab.setFaults(Object.fromEntries(registries.map((host) => [host, [{ fault: 'refuse' }]])));
    });
    afterAll(async () => {
      await lab.setFaults({});
    });

    it('is compiled by bake, on a base of signed packages: no registry is there, and none is asked', async () => {
      const components = {
        xx: commitOf('tonistiigi/xx'),
        containerd: commitOf('containerd/containerd'),
        runc: commitOf('opencontainers/runc'),
        tini: commitOf('krallin/tini'),
        rootlesskit: commitOf('rootless-containers/rootlesskit'),
      };
      const pins = Object.entries(components).flatMap(([name, commit]) => ['--component', `${name}=${commit}`]);
      // The suites are signed by the lab, and its mirrors certified by it: an image of a registry would have both.
      const trust = ['--apt-keyring', '/srv/lab/apt.asc', '--ca', '/srv/lab/ca.pem'];
      await build(arch, ['--with-deps', '--base', 'debian', ...trust, ...pins]);
      // Not even one that did not answer.
      expect(served()).toEqual(FIRST);
      const asked = new Set(lab.dnsQueries().map(({ name }) => name));
      expect(registries.filter((host) => asked.has(host))).toEqual([]);
      expect(lab.requests().filter(({ kind }) => kind === 'image')).toEqual([]);
    });

    it('has the Go that the tree names, as the checksum database knows it, and says what its base was made of', async () => {
      const { base } = JSON.parse(await said('cat', `${OUT}/manifest.json`)) as {
        base: { suite: string; go: object; xx: string; packages: { name: string }[] };
      };
      const url = `https://goproxy.cn/golang.org/toolchain/@v/v0.0.1-go1.21.12.linux-${arch}.zip`;
      expect(base).toMatchObject({ suite: 'bookworm', go: { version: '1.21.12', from: 'module', url } });
      expect(base.xx).toBe(commitOf('tonistiigi/xx'));
      expect(base.packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['dpkg', 'apt', 'gcc', 'git']));
      // Debian's own is another one: nothing but that release can have compiled these.
      for (const name of ['dockerd', 'containerd', 'runc', 'rootlesskit'])
        expect((await lab.exec(['grep', '-qaF', 'go1.21.12', `${OUT}/${name}`])).exitCode).toBe(0);
    });

    it('passes verify, and each program says what it was made from', async () => {
      const names = (await verified(arch)).map(({ name }) => name).sort();
      expect(names).toEqual([
        'containerd',
        'containerd-shim-runc-v2',
        'ctr',
        'docker-init',
        'docker-proxy',
        'dockerd',
        'rootlesskit',
        'rootlesskit-docker-proxy',
        'runc',
      ]);
      expect(await said(`${OUT}/dockerd`, '--version')).toBe(`Docker version 26.1.5, build ${commitOf('moby/moby')}`);
      const { build } = JSON.parse(await said('cat', `${OUT}/manifest.json`)) as {
        build: { args: Readonly<Record<string, string>> };
      };
      // Not the time of this build: another build of the commit has the same bytes.
      const time = new Date(Number(build.args['SOURCE_DATE_EPOCH']) * 1000).toISOString().slice(0, 19);
      expect((await lab.exec(['grep', '-qF', `${time}.000000000+00:00`, `${OUT}/dockerd`])).exitCode).toBe(0);
      expect(await said(`${OUT}/containerd`, '--version')).toContain(` ${commitOf('containerd/containerd')}`);
      expect(await said(`${OUT}/runc`, '--version')).toContain(`-g${commitOf('opencontainers/runc').slice(0, 7)}`);
      expect(await said(`${OUT}/docker-init`, '--version')).toBe(
        `tini version 0.19.0 - git.${commitOf('krallin/tini').slice(0, 7)}`,
      );
      expect(await said(`${OUT}/rootlesskit`, '--version')).toContain('2.0.2');
    });

    it('made a daemon that does its whole start-up', async () => {
      const { exitCode, stdout } = await lab.exec(['moby-build', 'smoke', OUT, '--json'], { timeoutMs: 5 * 60_000 });
      const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string }[] };
      expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);
      expect(checks.filter(({ result }) => result === 'ok').length).toBeGreaterThan(35);
      expect(exitCode).toBe(0);
    });

    it('is a deb, whose dockerd does the same where dpkg has installed it into a bare Debian', async () => {
      const packed = await lab.exec(['moby-build', 'pack', OUT, '--format', 'deb', '--out', '/root/packages'], {
        timeoutMs: 30 * 60_000,
      });
      expect(packed.exitCode, packed.stderr.slice(-2000)).toBe(0);
      const shared = mkdtempSync(join(tmpdir(), 'moby-build-test-installed-'));
      let root: HostRoot | null = null;
      try {
        for (const name of readdirSync(lab.pathIn('/root/packages')).filter((each) => each.endsWith('.deb')))
          copyFileSync(join(lab.pathIn('/root/packages'), name), join(shared, name));
        root = await HostRoot.open((await makeHostRoots()).plain, shared);
        await root.sh('dpkg -i moby-build-engine_26.1.5-0mobybuild1_*.deb');
        expect(await root.sh('dockerd --version')).toBe(`Docker version 26.1.5, build ${commitOf('moby/moby')}`);
        expect(await root.recorded()).toEqual([]);
        // What dpkg wrote, and nothing of the root below it.
        const installed = join(root.dir, 'upper/usr/bin');
        const { checks } = JSON.parse(mobyBuild(['smoke', installed, '--json'])) as {
          checks: { id: string; result: string }[];
        };
        expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);
        expect(checks.filter(({ result }) => result === 'ok').length).toBeGreaterThan(35);
      } finally {
        root?.remove();
        rmSync(shared, { recursive: true, force: true });
      }
    });
  });
});
