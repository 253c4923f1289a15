import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AptRoot } from '../apt/apt-root.ts';
import { ARCH } from '../commands/stage.ts';
import { BundleWorld, HAS_TOOLS } from './bundle-world.ts';

/** `bundle serve`: real git, go and apt take a bundle from it, and check what they get. */
let world: BundleWorld;
let file: string;
let base: string;
let serving: ReturnType<BundleWorld['stage']['start']>;
beforeAll(async () => {
  if (!HAS_TOOLS) return;
  world = new BundleWorld();
  await world.open();
  const { stage } = world;
  file = join(stage.cwd, 'moby.tar');
  await stage.run(['bundle', 'create', ...world.line, '--out', file]);
  world.asked = [];
  serving = stage.start(['bundle', 'serve', file, '--listen', '127.0.0.1:0']);
  while (!serving.seen().includes('--no-probe')) await once(serving.child.stderr, 'data');
  base = /http:\/\/127\.0\.0\.1:\d+/u.exec(serving.seen())?.[0] ?? '';
});
afterAll(async () => {
  if (HAS_TOOLS) await world.close();
});

describe.skipIf(!HAS_TOOLS)('bundle serve', () => {
  it('is a registry: tags, digests, HEAD; and writes nothing', async () => {
    const at = `${base}/v2/library/golang`;
    const byTag = await fetch(`${at}/manifests/1.16.12-buster`);
    expect(byTag.headers.get('docker-content-digest')).toBe(world.digest);
    expect(byTag.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json');
    const { manifests } = (await byTag.json()) as {
      manifests: { digest: string; platform: { architecture: string } }[];
    };
    const own = manifests.find(({ platform }) => platform.architecture === ARCH)?.digest ?? '';
    const manifest = (await (await fetch(`${at}/manifests/${own}`)).json()) as {
      layers: { digest: string; size: number }[];
    };
    for (const { digest, size } of manifest.layers) {
      const head = await fetch(`${at}/blobs/${digest}`, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)]);
      const bytes = Buffer.from(await (await fetch(`${at}/blobs/${digest}`)).arrayBuffer());
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
    }
    const statuses = [
      await fetch(`${at}/manifests/other`),
      await fetch(`${at}/blobs/uploads/`, { method: 'POST' }),
      await fetch(`${base}/git/moby/moby.git/git-receive-pack`, { method: 'POST' }),
      await fetch(`${base}/bundle.json`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 405, 405, 404]);
  });

  it('serves what it has verified, whatever takes the name of the file', async () => {
    renameSync(file, `${file}.aside`);
    writeFileSync(file, Buffer.alloc(statSync(`${file}.aside`).size, 'x'));
    const answer = await fetch(`${base}/v2/library/golang/blobs/${world.digest}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    renameSync(`${file}.aside`, file);
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(world.digest);
  });

  it('is a git server, also of commits without their history', () => {
    const clone = join(world.stage.dir, 'clone');
    const url = `${base}/git/https://github.com/opencontainers/runc.git`;
    execFileSync('git', ['clone', '--quiet', url, clone]);
    expect(execFileSync('git', ['tag'], { cwd: clone, encoding: 'utf8' }).trim()).toBe('v1.0.2');
    execFileSync('git', ['fsck', '--strict'], { cwd: clone, stdio: 'ignore' });
    const fresh = join(world.stage.dir, 'fresh');
    execFileSync('git', ['init', '--quiet', fresh]);
    execFileSync('git', ['fetch', '--quiet', '--depth=1', url, 'refs/tags/v1.0.2'], { cwd: fresh });
    expect(() => execFileSync('git', ['ls-remote', `${base}/git/a/b.git`], { stdio: 'ignore' })).toThrow();
    const unknown = spawnSync('git', ['fetch', '--depth=1', url, '1'.repeat(40)], { cwd: fresh, encoding: 'utf8' });
    expect(unknown.stderr).toMatch(/not our ref|unadvertised object/u);
  });

  it('is a module proxy', () => {
    const dir = join(world.stage.dir, 'go');
    mkdirSync(dir);
    execFileSync('git', ['clone', '--quiet', `${base}/git/rootless-containers/rootlesskit.git`, join(dir, 'tree')]);
    const env = {
      ...{ PATH: process.env['PATH'], HOME: dir, GOPATH: join(dir, 'path'), GOCACHE: join(dir, 'cache') },
      ...{ GOFLAGS: '-mod=mod -modcacherw', GOPROXY: `${base}/go`, GOENV: 'off', GOTOOLCHAIN: 'local' },
    };
    const args = ['list', '-deps', './...'];
    expect(execFileSync('go', args, { cwd: join(dir, 'tree'), env, encoding: 'utf8' })).toContain('example.test/dep');
  });

  it('is a Debian mirror, whose signatures apt checks', async () => {
    const suites = [
      'debian buster',
      'debian buster-updates',
      'debian-security buster/updates',
      'debian buster-backports',
    ];
    const sources = suites.map((suite) => `deb ${base}/${suite} main\n`).join('');
    const root = new AptRoot(world.archive.key, sources, '', ARCH);
    const update = await root.get('update');
    expect(update.said).not.toMatch(/^[EW]: /mu);
    const got = await root.get('install', '-y', '--download-only', 'cmake', 'libseccomp-dev/buster-backports');
    expect(got.said).toContain('Download complete');
    root.remove();
  });

  it('prints the line of a build, and asked no mirror', async () => {
    const line =
      serving
        .seen()
        .split('\n')
        .find((each) => each.includes('--no-probe')) ?? '';
    const host = base.replace('http://', '');
    expect(line).toContain(`--mirror apt=${base} --mirror gomod=${base}/go`);
    expect(line).toContain(`--image golang=${host}/library/golang:1.16.12-buster@${world.digest}`);
    // The tree of this test is one of its own, so its directory is named here.
    const words = line
      .trim()
      .split(' ')
      .slice(1)
      .filter((word) => word !== '--no-probe')
      .map((word) => word.replace(/^'|'$/gu, ''));
    const of = ['--source', world.stage.tree, '--dry-run', '--no-probe'];
    const { status, stdout, stderr } = await world.stage.run([...words, ...of]);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`deb ${base}/debian buster main`);
    expect(world.asked).toEqual([]);
  });

  it('ends with a signal, and says how much was asked for', async () => {
    serving.child.kill('SIGINT');
    const { status, stderr } = await serving.ended;
    expect(stderr).toMatch(/\d+ requests; \d+ of them for what is not in the bundle/u);
    expect(status).toBe(0);
  });

  it('does not serve a damaged bundle: exit 5, naming the file', async () => {
    const damaged = join(world.stage.cwd, 'damaged.tar');
    const data = readFileSync(file);
    const at = data.indexOf('images/oci-layout', data.lastIndexOf('images/blobs')) + 512;
    data.write('{"imageLayoutVersion":"9.0.0"}', at);
    writeFileSync(damaged, data);
    const { status, stderr } = await world.stage.run(['bundle', 'serve', damaged, '--listen', '127.0.0.1:0']);
    expect(status).toBe(5);
    expect(stderr).toContain('images/oci-layout is damaged');
  });
});
