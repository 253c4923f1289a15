import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';
import { other } from './prepare/other-machine.mjs';

interface Built {
  readonly log: string;
  readonly build: { readonly command: string };
  readonly binaries: readonly { readonly machine: string; readonly static: boolean }[];
}

/** Lab E: the light tree in the shape of 26.1, by a real buildx 0.13.1 that hears neither network nor hosts in a bake file. */
describe('a tree that bake builds, sealed', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ moby: 'bake', mirrors: todaysMirrors });
  });
  afterAll(async () => {
    await lab.stop();
  });

  /** Builds; what the build itself said that it saw, by kind. */
  async function build(flags: readonly string[]): Promise<{ seen: (kind: string) => string[]; built: Built }> {
    const commit = lab.repos['moby/moby']?.commit ?? '';
    const given = ['--ref', 'v26.1.5', '--commit', commit, '--profile', 'cn', '--no-probe', '--json', ...flags];
    // The lab's is a stand-in: the shipped table knows the genuine one.
    given.push('--trust-image', 'tonistiigi/xx');
    const { exitCode, stdout, stderr } = await lab.exec(['moby-build', 'build', ...given], { timeoutMs: 5 * 60_000 });
    expect(stderr.slice(-4000)).not.toContain('\nerror');
    expect(exitCode).toBe(0);
    const built = JSON.parse(stdout) as Built;
    const log = readFileSync(lab.pathIn(built.log), 'utf8');
    const lines = [...log.matchAll(/seen: (\w+) (.*)$/gmu)].filter(([line]) => !line.includes('$'));
    const seen = (kind: string): string[] => [
      ...new Set(lines.filter(([, which]) => which === kind).map(([, , text = '']) => text)),
    ];
    return { seen, built };
  }

  let byBake: string[] = [];

  it('goes through make and bake, on the engine’s own network', async () => {
    const { seen, built } = await build(['--out', '/root/bake']);
    expect(built.build.command).toContain(' make binary ');
    byBake = seen('value').sort();
    expect(byBake).toContain('VERSION=26.1.5');
    expect(byBake).toContain('PRODUCT=');
    expect(byBake).toContain('APT_MIRROR=(not set)');
    expect(seen('host')).toEqual([]);
    expect(seen('device')).not.toContain('docker0');
  });

  it('has the host’s network and the added hosts when told, and hears the same values as by bake', async () => {
    const flags = ['--network', 'host', '--add-host', 'one.added.example:198.51.100.7'];
    const { seen, built } = await build([...flags, '--out', '/root/buildx']);
    expect(built.build.command).toContain(' docker buildx build --target binary ');
    expect(seen('host')).toEqual(['one.added.example 198.51.100.7']);
    expect(seen('device')).toContain('docker0');
    // bake gives what nobody asked for as an empty text, buildx build does not give it: the shell sees no difference.
    const unset = (values: readonly string[]): string[] => values.map((value) => value.replace(/=\(not set\)$/u, '='));
    expect(unset(seen('value').sort())).toEqual(unset(byBake));
  });

  it('hears them for another architecture and another target too', async () => {
    const flags = ['--add-host', 'one.added.example:198.51.100.7', '--arch', other.arch, '--target', 'dynbinary'];
    const { seen, built } = await build([...flags, '--out', '/root/other']);
    expect(seen('host')).toEqual(['one.added.example 198.51.100.7']);
    expect(seen('value')).toEqual(expect.arrayContaining(['DOCKER_STATIC=0', `TARGETPLATFORM=linux/${other.arch}`]));
    const machine = arch === 'amd64' ? 'aarch64' : 'x86_64';
    expect(built.binaries.map((binary) => [binary.machine, binary.static])).toEqual([
      [machine, false],
      [machine, false],
    ]);
  });

  it('asked no other name', () => {
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
  });
});
