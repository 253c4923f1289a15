import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { buildkitVersion } from './prepare/builders.mjs';
import { arch } from './product.mjs';

/** Where each asks from (test/lab/inside/builder.sh). */
const ONE = '192.0.2.6';
const TWO = '192.0.2.10';
const START_ONE = ['bash', '/srv/lab/code/lab/inside/builder.sh', 'one', '1'];
const CERTIFICATES = ['cacert=/etc/bk/two/ca.pem', 'cert=/etc/bk/two/client.pem', 'key=/etc/bk/two/client.key'];
/** manifest.json has no patch version: nothing is decided by it. */
const BUILDKIT = /^v(\d+\.\d+)\./u.exec(buildkitVersion)?.[1];

interface Built {
  readonly build: { readonly command: string };
  readonly binaries: readonly { readonly name: string; readonly path: string }[];
  readonly error?: { readonly message: string; readonly hint?: string; readonly command?: string };
}

interface Provenance {
  readonly predicate: {
    readonly buildDefinition: {
      readonly resolvedDependencies: readonly {
        readonly name: string;
        readonly uri?: string;
        readonly downloadLocation?: string;
        readonly digest?: Readonly<Record<string, string>>;
      }[];
    };
    readonly runDetails: { readonly metadata: { readonly debianPackages: { readonly recorded: number } } };
  };
}

interface Matrix {
  readonly cells: readonly {
    readonly state: string;
    readonly builder: string | null;
    readonly way: string | null;
    readonly tries: readonly { readonly builder: string; readonly code: string | null }[];
  }[];
}

/** Lab G: two real buildkitds apart from the engine, one at a socket, one by TLS. */
describe('builders of their own, sealed', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ moby: 'builders', mirrors: todaysMirrors });
    const create = ['docker', 'buildx', 'create', '--driver', 'remote', '--name'];
    await done(START_ONE);
    await done([...create, 'one', 'unix:///run/bk/one.sock']);
    await done([...START_ONE.slice(0, 2), 'two', '2', 'tls']);
    await done([...create, 'two', '--driver-opt', CERTIFICATES.join(','), `tcp://${TWO}:1234`]);
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(() => {
    lab.clearLogs();
  });

  async function done(argv: string[]): Promise<void> {
    const { exitCode, stderr } = await lab.exec(argv, { timeoutMs: 90_000 });
    expect(exitCode, stderr).toBe(0);
  }

  function lineOf(builder: string, repository: string): string[] {
    const { commit, tag } = lab.repos[repository] ?? expect.fail(`the lab has no ${repository}`);
    const given = ['--ref', tag, '--commit', commit, '--profile', 'cn', '--no-probe', '--json'];
    // The lab's is a stand-in: the shipped table knows the genuine one.
    return [
      'moby-build',
      '--builder',
      builder,
      ...given,
      '--trust-image',
      'tonistiigi/xx',
      '--out',
      `/root/${builder}`,
    ];
  }

  /** Builds; the binaries are there, and all images and packages went to the builder, from known mirrors. */
  async function build(builder: string, repository: string, from: string): Promise<Built> {
    const { exitCode, stdout } = await lab.exec(lineOf(builder, repository), { timeoutMs: 10 * 60_000 });
    const built = JSON.parse(stdout) as Built;
    expect(exitCode, built.error?.message).toBe(0);
    expect(built.binaries.filter(({ path }) => !existsSync(lab.pathIn(path)))).toEqual([]);
    const manifest = JSON.parse(readFileSync(lab.pathIn(`/root/${builder}/manifest.json`), 'utf8')) as object;
    expect(manifest).toMatchObject({
      builder: { name: builder, driver: 'remote', buildkitVersion: BUILDKIT, nodes: [{ arch }] },
    });
    const big = lab.requests().filter(({ path }) => path.includes('/blobs/') || path.endsWith('.deb'));
    expect(new Set(big.map((request) => request.from))).toEqual(new Set([from]));
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
    return built;
  }

  it('26.1 by bake: killed in a step it is a lost builder and no mirror is blamed; started again, the same line builds', async () => {
    // No package comes: a step that installs one has not ended when the builder dies.
    const debian = Object.entries(todaysMirrors).filter(([, styles]) => styles.includes('debian'));
    await lab.setFaults(
      Object.fromEntries(debian.map(([host]) => [host, [{ fault: 'hang', kinds: ['apt'], bulk: true }]])),
    );
    const log = `/root/.cache/moby-build/v26.1.5-linux-${arch}/build.log`;
    const script = `${lineOf('one', 'moby/moby v26.1.5').join(' ')} >/tmp/lost.json 2>/tmp/lost.err & pid=$!
      while kill -0 $pid && ! grep -qsE '^#[0-9]+ [0-9.]+ Get:.* InRelease' ${log}; do sleep 0.1; done
      kill -KILL "$(cat /run/bk/one.pid)"; wait $pid; echo "exit $?"`;
    const killed = await lab.exec(['bash', '-c', script], { timeoutMs: 10 * 60_000 });
    const { error } = JSON.parse((await lab.exec(['cat', '/tmp/lost.json'])).stdout) as Built;
    expect(killed.stdout, killed.stderr).toBe('exit 6\n');
    expect(error).toMatchObject({ code: 'builder-lost', exitCode: 6, command: 'docker buildx inspect one' });
    expect(error?.message).toContain('The connection to builder one was lost');
    const said = `${error?.message ?? ''}\n${error?.hint ?? ''}`;
    expect(said).not.toMatch(/mirror/iu);
    expect(Object.keys(todaysMirrors).filter((host) => said.includes(host))).toEqual([]);
    expect(existsSync(lab.pathIn('/root/one'))).toBe(false);

    await lab.setFaults({});
    await done(START_ONE);
    const { build: made, binaries } = await build('one', 'moby/moby v26.1.5', ONE);
    expect(made.command).toContain(' BUILDX_BUILDER=one make binary ');
    expect(binaries.map(({ name }) => name)).toEqual(['docker-proxy', 'dockerd']);
  });

  it('20.10 by TLS: the same stage by docker buildx build', async () => {
    const { build: made, binaries } = await build('two', 'moby/moby', TWO);
    expect(made.command).toContain(' BUILDX_BUILDER=two docker buildx build --target binary --output bundles ');
    expect(binaries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['containerd', 'docker-init', 'docker-proxy', 'dockerd', 'rootlesskit', 'runc', 'vpnkit']),
    );
  });

  it('the same cell on both has the same bytes, and compare says what else differs', async () => {
    const line = [...lineOf('two', 'moby/moby v26.1.5').slice(0, -1), '/root/same'];
    const { exitCode, stderr } = await lab.exec(line, { timeoutMs: 10 * 60_000 });
    expect(exitCode, stderr.slice(-2000)).toBe(0);
    const compared = await lab.exec(['moby-build', 'compare', '/root/one', '/root/same']);
    expect(compared.stdout, compared.stderr).toContain('The outputs are the same, byte for byte');
    expect(compared.stdout).toContain('BUILDX_BUILDER: one -> two');
    expect(compared.exitCode).toBe(0);
  });

  it('the provenance names each package that a step installed, with the archive that served it and its digest', async () => {
    const { predicate } = JSON.parse(readFileSync(lab.pathIn('/root/same/provenance.json'), 'utf8')) as Provenance;
    const { debianPackages } = predicate.runDetails.metadata;
    expect(debianPackages).toMatchObject({ withoutDigest: 0, cachedSteps: 0, clippedSteps: 0 });
    const debs = predicate.buildDefinition.resolvedDependencies.filter(({ uri }) => uri?.startsWith('pkg:deb/debian/'));
    expect(debs).toHaveLength(debianPackages.recorded);
    expect(debs.map(({ name }) => name)).toContain('file');
    const archives = new Set(debs.map(({ downloadLocation }) => new URL(downloadLocation ?? '').hostname));
    expect([...archives].filter((host) => todaysMirrors[host]?.includes('debian') !== true)).toEqual([]);
    // dpkg was given what Debian's lists name, as the mirror served it.
    const list = `${debs[0]?.downloadLocation ?? ''}/dists/bookworm/main/binary-${arch}/Packages.gz`;
    const { stdout } = await lab.exec(['sh', '-c', `curl -fsS ${list} | gunzip`]);
    for (const { digest } of debs) expect(stdout).toContain(`SHA256: ${digest?.['sha256'] ?? 'none'}\n`);
  });

  it('a cell leaves a builder that dies in its build for the other one; --locked then builds the same, cross too', async () => {
    await done(['git', '-c', 'safe.directory=*', 'clone', '-q', '/srv/lab/git/moby/moby.git', '/root/moby']);
    const both = ['one', 'two'];
    for (const name of both) await done(['docker', 'buildx', 'prune', '--builder', name, '--all', '--force']);
    const log = `/root/.cache/moby-build/v26.1.5-linux-${arch}/build.log`;
    await done(['rm', '-f', log]);
    const line = ['moby-build', 'matrix', '--source', '/root/moby', '--refs', 'v26.1.5', '--arches', 'amd64,arm64'];
    line.push(...both.flatMap((name) => ['--builder', name]), '--profile', 'cn', '--no-probe');
    line.push('--trust-image', 'tonistiigi/xx', '--out', '/root/matrix', '--json');
    const debian = Object.entries(todaysMirrors).filter(([, styles]) => styles.includes('debian'));
    await lab.setFaults(
      Object.fromEntries(debian.map(([host]) => [host, [{ fault: 'hang', kinds: ['apt'], bulk: true }]])),
    );
    const running = lab.exec(line, { timeoutMs: 10 * 60_000 });
    await done(['sh', '-c', `until grep -qsE '^#[0-9]+ [0-9.]+ Get:.* InRelease' ${log}; do sleep 0.1; done`]);
    // It has the cell of this machine's own architecture: the first of the list, and the first builder is free.
    await done(['sh', '-c', 'kill -KILL "$(cat /run/bk/one.pid)"']);
    await lab.setFaults({});
    const { exitCode, stdout, stderr } = await running;
    const { cells } = JSON.parse(stdout) as Matrix;
    expect(exitCode, stderr.slice(-2000)).toBe(0);
    expect(cells.map(({ state, builder }) => [state, builder])).toEqual([
      ['built', 'two'],
      ['built', 'two'],
    ]);
    const moved = cells.flatMap(({ tries }) => tries).filter(({ code }) => code !== null);
    expect(moved).toEqual([{ builder: 'one', code: 'builder-lost' }]);
    await done(['sh', '-c', 'cd /root/matrix && sha256sum --check --strict SHA256SUMS']);
    expect(new Set(cells.map(({ way }) => way))).toEqual(new Set(['native', 'cross']));

    await done(START_ONE);
    const sums = readFileSync(lab.pathIn('/root/matrix/SHA256SUMS'), 'utf8');
    const locked = await lab.exec([...line, '--locked'], { timeoutMs: 10 * 60_000 });
    expect((JSON.parse(locked.stdout) as Matrix).cells.map(({ state }) => state)).toEqual(['built', 'built']);
    expect(locked.exitCode, locked.stderr.slice(-2000)).toBe(0);
    expect(readFileSync(lab.pathIn('/root/matrix/SHA256SUMS'), 'utf8')).toBe(sums);
  });

  it('they end with the lab', async () => {
    const inLab = readlinkSync(`/proc/${readFileSync(join(lab.state, 'init.pid'), 'utf8').trim()}/ns/uts`);
    const builders = buildkitds().filter((pid) => readlinkSync(`/proc/${pid}/ns/uts`) === inLab);
    expect(builders).toHaveLength(2);
    await lab.stop();
    expect(buildkitds().filter((pid) => builders.includes(pid))).toEqual([]);
    expect(existsSync(lab.state)).toBe(false);
  });
});

/** Process ids. */
function buildkitds(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    const line = join('/proc', pid, 'cmdline');
    return /^\d+$/u.test(pid) && existsSync(line) && readFileSync(line, 'utf8').startsWith('buildkitd\0');
  });
}
