import { execFileSync } from 'node:child_process';
import { readFileSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { recipeMirrors } from './mirrors.mjs';
import { arch, recipeLine, registry } from './product.mjs';
import { walk } from '../support/walk.ts';
import { BareMachine } from './bare-machine.ts';
import { other, staticQemu } from './prepare/other-machine.mjs';

const OUT = `/root/moby-v20.10.24-linux-${arch}`;
const FOREIGN = `/root/moby-v20.10.24-linux-${other.arch}`;

interface Verified {
  readonly binaries: readonly { readonly name: string; readonly machine: string; readonly static: boolean }[];
  readonly totals: { readonly failed: number };
}

/** Lab A: the recipe of 2022 with its own host names, on moby's real source and that of its components, to a real dockerd. */
describe('the recipe, sealed', () => {
  let lab: Lab;
  let out: string;

  beforeAll(async () => {
    lab = await startLab({ moby: 'real', mirrors: { ...recipeMirrors, [registry]: ['image'] }, bare: true });
    out = lab.pathIn(OUT);
  });
  afterAll(async () => {
    await lab.stop();
  });

  it('leads a stranger with a bare machine to a real dockerd 20.10.24, by nothing but what each message recommends', async () => {
    const machine = await BareMachine.start(lab);
    const line = recipeLine(lab).filter((word, index, words) => ![word, words[index - 1]].includes('--trust-image'));
    const { first, followed, last } = await walk(line.join(' '), (words) => machine.run(words));
    for (const lacking of ['git', 'make', 'docker client']) expect(first.stderr).toContain(`\n  ${lacking}`);
    expect(followed).toEqual([
      expect.stringMatching(/apt-get install -y git make docker\.io$/u),
      'service docker start',
      `${line.join(' ')} --trust-image golang`,
    ]);
    expect(last.stderr.slice(-4000)).toContain('The binaries are in');
    expect(last.stdout).toBe(`${OUT}\n`);
    for (const check of ['verify', 'smoke']) {
      const { status, stderr } = await machine.run(`moby-build ${check} ${OUT}`);
      expect(status, `${check}: ${stderr}`).toBe(0);
    }
  });

  it('compiled it', () => {
    const said = execFileSync(join(out, 'dockerd'), ['--version'], { encoding: 'utf8' });
    expect(said.trim()).toBe(`Docker version 20.10.24, build ${lab.repos['moby/moby']?.commit.slice(0, 7) ?? '?'}`);
    expect(lstatSync(join(out, 'dockerd')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(out, 'dockerd'))).toBe('dockerd-20.10.24');
  });

  it('passes its own verify, in words and in JSON', async () => {
    const { exitCode, stdout } = await lab.exec(['moby-build', 'verify', OUT, '--json']);
    const document = JSON.parse(stdout) as Verified;
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

  describe('for the other architecture', () => {
    const verified = async (dir: string): Promise<Verified> =>
      JSON.parse((await lab.exec(['moby-build', 'verify', dir, '--json'])).stdout) as Verified;

    it('is cross-compiled as a whole, from the same mirrors, where nothing could be emulated', async () => {
      lab.clearLogs();
      expect((await lab.exec(['test', '-e', '/proc/sys/fs/binfmt_misc/status'])).exitCode).toBe(1);
      const line = [...recipeLine(lab), '--arch', other.arch];
      const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: 45 * 60_000 });
      expect(stderr.slice(-4000)).toContain('The binaries are in');
      expect(stderr).toContain(`cross-compiled for ${other.arch} on ${arch}`);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(`${FOREIGN}\n`);
      expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
    });

    it('has the names, the linkage and the sources of the native build, for its own machine', async () => {
      const [native, foreign] = [await verified(OUT), await verified(FOREIGN)];
      expect(foreign.totals.failed).toBe(0);
      const machine = other.arch === 'arm64' ? 'aarch64' : 'x86_64';
      expect(foreign.binaries).toMatchObject(
        native.binaries.map((binary) => ({
          ...{ name: binary.name, static: binary.static },
          machine: binary.machine === 'script' ? 'script' : machine,
        })),
      );
      // Build tags choose files, and the names of these are in the binaries.
      for (const name of ['dockerd', 'containerd', 'runc', 'rootlesskit', 'docker-proxy']) {
        const due = sourcesOf(lab.pathIn(`${OUT}/${name}`));
        expect(due, name).not.toEqual([]);
        expect(sourcesOf(lab.pathIn(`${FOREIGN}/${name}`)), name).toEqual(due);
      }
    });

    it.each([
      ['dockerd', '--version'],
      ['containerd', '--version'],
      ['containerd-shim-runc-v2', '-v'],
      ['runc', '--version'],
      ['docker-init', '--version'],
      ['rootlesskit', '--version'],
    ])('has a %s that says what the native one says', async (name, option) => {
      const said = async (...argv: string[]): Promise<string> => (await lab.exec(argv)).stdout.trim();
      const native = await said(`${OUT}/${name}`, option);
      expect(native).not.toBe('');
      expect((await said(staticQemu, `${FOREIGN}/${name}`, option)).replaceAll(FOREIGN, OUT)).toBe(native);
    });

    it('has a daemon whose API answers, with its containerd, under emulation', async () => {
      const { stdout, stderr } = await lab.exec(['unshare', '--net', 'bash', '-c', API, 'bash', staticQemu, FOREIGN]);
      expect(JSON.parse(stdout || stderr.slice(-2000))).toMatchObject({
        Version: '20.10.24',
        Arch: other.arch,
        GitCommit: lab.repos['moby/moby']?.commit.slice(0, 7),
      });
    });
  });
});

/** The files of the project itself that a Go program was made of. Those of other projects differ by architecture. */
function sourcesOf(program: string): string[] {
  const own = /\bgithub\.com\/(?:docker|moby|containerd|opencontainers|rootless-containers)\/[\w@.\/-]+\.go\b/gu;
  const names = readFileSync(program, 'latin1').match(own) ?? [];
  return [...new Set(names)].filter((name) => !/\/vendor\/|_(?:amd64|arm64)\.go$/u.test(name)).sort();
}

/** EMULATOR FOLDER: starts containerd and dockerd of a folder, and prints what the API says of its version. In a network of its own: a
 * second dockerd without a bridge takes the first one's away. */
const API = `
at=/run/foreign data=/var/lib/docker/foreign; mkdir -p $at
"$1" "$2/containerd" --address $at/c.sock --root $data/c --state $at/c > $at/c.log 2>&1 & containerd=$!
until [ -S $at/c.sock ] || ! kill -0 $containerd; do sleep 0.1; done
"$1" "$2/dockerd" --containerd $at/c.sock --host unix://$at/d.sock --data-root $data/d --exec-root $at/d --pidfile $at/d.pid \
  --bridge none --iptables=false --storage-driver vfs > $at/d.log 2>&1 & dockerd=$!
until curl -fs --unix-socket $at/d.sock http://d/_ping > /dev/null || ! kill -0 $dockerd; do sleep 0.1; done
curl -fsS --unix-socket $at/d.sock http://d/version || tail -n 5 $at/*.log >&2
kill $dockerd; wait $dockerd; kill $containerd; wait
`;
