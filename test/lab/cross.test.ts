import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';
import { other } from './prepare/trixie.mjs';

const native = process.env['LAB_NATIVE'] === '1';
const target = native ? arch : other.arch;
const OUT = `/root/moby-v26.1.5-linux-${target}`;

/** Lab D: moby 26.1.5, by bake, for the other architecture (LAB_NATIVE=1: for this machine's), under profile cn. */
describe(`moby 26.1.5 for ${target}, sealed`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ moby: 'trixie', mirrors: todaysMirrors });
  });
  afterAll(async () => {
    await lab.stop();
  });

  it('is compiled by bake without emulation', async () => {
    const commit = lab.repos['moby/moby']?.commit ?? '';
    const line = [
      'moby-build',
      '--ref',
      'v26.1.5',
      '--commit',
      commit,
      '--arch',
      target,
      '--profile',
      'cn',
      '--no-probe',
      // The lab's is a stand-in: the shipped table knows the genuine one.
      '--trust-image',
      'tonistiigi/xx',
    ];
    const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: 24 * 60_000 });
    expect(stderr.slice(-4000)).toContain('The binaries are in');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${OUT}\n`);
    const emulator = native ? [] : [other.qemu];
    const said = await lab.exec([...emulator, `${OUT}/dockerd`, '--version']);
    expect(said.stdout).toBe(`Docker version 26.1.5, build ${commit}\n`);
  });

  it('passes verify as a static program of that machine', async () => {
    const { exitCode, stdout } = await lab.exec(['moby-build', 'verify', OUT, '--json']);
    const { binaries } = JSON.parse(stdout) as { binaries: { name: string; machine: string; static: boolean }[] };
    expect(exitCode).toBe(0);
    expect(binaries.map(({ name }) => name).sort()).toEqual(['docker-proxy', 'dockerd']);
    const machine = target === 'arm64' ? 'aarch64' : 'x86_64';
    expect(binaries.map((binary) => [binary.machine, binary.static])).toEqual([
      [machine, true],
      [machine, true],
    ]);
  });

  it('asked the mirrors, each for its own, and nobody else', () => {
    const served = new Map<string, Set<string>>();
    for (const { host, kind, status } of lab.requests()) {
      if (status < 400) served.set(kind, (served.get(kind) ?? new Set()).add(host));
    }
    expect(Object.fromEntries([...served].map(([kind, set]) => [kind, [...set]]))).toMatchObject({
      git: ['ghfast.top'],
      apt: ['mirrors.aliyun.com'],
      go: ['goproxy.cn'],
      image: expect.arrayContaining(['docker.m.daocloud.io']) as string[],
    });
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
  });

  it.runIf(native)('made a daemon that does its whole start-up', async () => {
    const { exitCode, stdout } = await lab.exec(['moby-build', 'smoke', OUT, '--json'], { timeoutMs: 5 * 60_000 });
    const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string }[] };
    expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(checks.filter(({ result }) => result === 'ok').length).toBeGreaterThan(35);
    expect(exitCode).toBe(0);
  });
});
