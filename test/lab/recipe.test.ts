import { execFileSync } from 'node:child_process';
import { readFileSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { recipeMirrors } from './mirrors.mjs';
import { arch, recipeLine, registry } from './product.mjs';

const OUT = `/root/moby-v20.10.24-linux-${arch}`;

/** Lab A: the recipe of 2022 with its own host names, on moby's real source and that of its components, to a real dockerd. */
describe('the recipe, sealed', () => {
  let lab: Lab;
  let out: string;

  beforeAll(async () => {
    lab = await startLab({ moby: 'real', mirrors: { ...recipeMirrors, [registry]: ['image'] } });
    out = lab.pathIn(OUT);
  });
  afterAll(async () => {
    await lab.stop();
  });

  it('compiles a real dockerd 20.10.24', async () => {
    const { exitCode, stdout, stderr } = await lab.exec(recipeLine(lab), { timeoutMs: 20 * 60_000 });
    expect(stderr.slice(-4000)).toContain('The binaries are in');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${OUT}\n`);
    const said = execFileSync(join(out, 'dockerd'), ['--version'], { encoding: 'utf8' });
    expect(said.trim()).toBe(`Docker version 20.10.24, build ${lab.repos['moby/moby']?.commit.slice(0, 7) ?? '?'}`);
    expect(lstatSync(join(out, 'dockerd')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(out, 'dockerd'))).toBe('dockerd-20.10.24');
  });

  it('passes its own verify, in words and in JSON', async () => {
    const { exitCode, stdout } = await lab.exec(['moby-build', 'verify', OUT, '--json']);
    const document = JSON.parse(stdout) as {
      binaries: { name: string; static: boolean }[];
      totals: { failed: number };
    };
    expect(exitCode).toBe(0);
    expect(document.totals.failed).toBe(0);
    expect(document.binaries.find(({ name }) => name === 'dockerd')?.static).toBe(true);
    expect(document.binaries.map(({ name }) => name).sort()).toEqual([
      'containerd',
      'containerd-shim',
      'containerd-shim-runc-v2',
      'ctr',
      'docker-init',
      'docker-proxy',
      'dockerd',
      'dockerd-rootless-setuptool.sh',
      'dockerd-rootless.sh',
      'rootlesskit',
      'rootlesskit-docker-proxy',
      'runc',
    ]);
  });

  it('compiled the components from their own sources, which say so', async () => {
    const said = async (...argv: string[]): Promise<string> => (await lab.exec(argv)).stdout.trim();
    const containerd = lab.repos['containerd/containerd'] ?? expect.fail('no containerd');
    const runc = lab.repos['opencontainers/runc'] ?? expect.fail('no runc');
    const tini = lab.repos['krallin/tini'] ?? expect.fail('no tini');
    expect(await said(`${OUT}/containerd`, '--version')).toBe(
      `containerd github.com/containerd/containerd ${containerd.tag} ${containerd.commit}`,
    );
    expect(await said(`${OUT}/ctr`, '--version')).toBe(`ctr github.com/containerd/containerd ${containerd.tag}`);
    expect(await said(`${OUT}/containerd-shim-runc-v2`, '-v')).toContain(`Revision: ${containerd.commit}`);
    // The recipe's clone is whole: how many digits git takes depends on how many objects it holds.
    const [, tag, digits = ''] =
      /^commit: (\S+)-0-g([0-9a-f]{7,})$/mu.exec(await said(`${OUT}/runc`, '--version')) ?? [];
    expect([tag, runc.commit.slice(0, digits.length)]).toEqual([runc.tag, digits]);
    const [, version, short = ''] =
      /^tini version (\S+) - git\.([0-9a-f]{7,})$/u.exec(await said(`${OUT}/docker-init`, '--version')) ?? [];
    expect([version, tini.commit.slice(0, short.length)]).toEqual([tini.tag.slice(1), short]);
  });

  it('says in the manifest what was built from what', () => {
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      commit: string;
      pin: string;
      tree: { before: string; after: string };
      points: { inClosure: boolean; via: string }[];
      stamped: unknown;
    };
    expect(manifest.commit).toBe(lab.repos['moby/moby']?.commit);
    expect(manifest.pin).toBe('flag');
    expect(manifest.tree.after).not.toBe(manifest.tree.before);
    expect(manifest.points.filter(({ inClosure, via }) => inClosure && via === 'none')).toEqual([]);
    expect(manifest.stamped).toEqual({ version: '20.10.24', gitCommit: lab.repos['moby/moby']?.commit.slice(0, 7) });
  });

  it('asked the recipe’s mirrors, each for its own, and nobody else', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { host, kind, status } of lab.requests()) {
      if (status < 400) kinds.set(host, (kinds.get(host) ?? new Set()).add(kind));
    }
    expect(Object.fromEntries([...kinds].map(([host, set]) => [host, [...set]]))).toEqual({
      'mirrors.163.com': ['apt'],
      'ghproxy.com': ['git'],
      'goproxy.cn': ['go'],
      [registry]: ['image'],
    });
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
  });

  it('made a daemon that does its whole start-up', async () => {
    const { exitCode, stdout, stderr } = await lab.exec(['moby-build', 'smoke', OUT, '--json'], {
      timeoutMs: 5 * 60_000,
    });
    const { checks, totals } = JSON.parse(stdout) as {
      checks: { id: string; result: string; seen: string }[];
      totals: Record<string, number>;
    };
    expect(
      checks.filter(({ result }) => result === 'failed'),
      stderr.slice(-2000),
    ).toEqual([]);
    expect(checks.find(({ id }) => id === 'version')?.seen ?? '').toContain('20.10.24');
    expect(totals['ok']).toBeGreaterThan(35);
    expect(exitCode).toBe(0);
  });

  it('finds everything in the cache the second time, and clones nothing again', async () => {
    lab.clearLogs();
    const { exitCode, stderr } = await lab.exec(recipeLine(lab), { timeoutMs: 10 * 60_000 });
    expect(stderr).toContain('there already');
    expect(exitCode).toBe(0);
    expect(lab.requests().filter(({ kind }) => kind !== 'image')).toEqual([]);
  });
});
