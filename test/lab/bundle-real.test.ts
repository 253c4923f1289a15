import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFrom, createBundle, cutOff } from './from-bundle.ts';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';
import { other } from './prepare/other-machine.mjs';

const FILE = '/root/moby.tar';
const OUT = '/root/from-bundle';

/** Lab H: moby 26.1.5 for the other architecture, compiled from a bundle when all mirrors have ended and no name resolves. */
describe('moby 26.1.5 from a bundle, with nobody reachable', () => {
  let lab: Lab;
  let commit: string;
  beforeAll(async () => {
    lab = await startLab({ moby: 'trixie', mirrors: todaysMirrors, withGo: true });
    commit = lab.repos['moby/moby']?.commit ?? expect.fail('no moby/moby');
  });
  afterAll(async () => {
    await lab.stop();
  });

  it('the bundle has all that a machine of this architecture takes, from the mirrors and nobody else', async () => {
    // go-winres is what this target takes by `go install PATH@VERSION`; a lean build leaves it out.
    const build = ['--ref', 'v26.1.5', '--commit', commit, '--arch', other.arch, '--builder-arch', arch, '--no-lean'];
    // The lab's is a stand-in: the shipped table knows the genuine one.
    const { builds } = await createBundle(lab, FILE, [...build, '--profile', 'cn', '--trust-image', 'tonistiigi/xx']);
    const kinds = new Set(builds.flatMap(({ needs }) => needs.map((need) => need.replace(/ .*/u, ''))));
    expect(kinds).toEqual(new Set(['git', 'image', 'apt', 'gomod']));
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
    expect((await lab.exec(['docker', 'system', 'df', '--format', '{{.TotalCount}}'])).stdout).toBe('0\n0\n0\n0\n');
  });

  it('is compiled without emulation, as static programs of that machine; nobody was asked for anything', async () => {
    await cutOff(lab, 'goproxy.cn');
    const { binaries } = await buildFrom(lab, FILE, ['--commit', commit, '--out', OUT]);
    const machine = other.arch === 'arm64' ? 'aarch64' : 'x86_64';
    expect(binaries).toMatchObject(['docker-proxy', 'dockerd'].map((name) => ({ name, machine, static: true })));
    expect((await lab.exec(['moby-build', 'verify', OUT])).exitCode).toBe(0);
    expect((await lab.exec([other.qemu, `${OUT}/dockerd`, '--version'])).stdout.trim()).toBe(
      `Docker version 26.1.5, build ${commit}`,
    );
  });
});
