import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCreateDocument } from '../../../src/commands/bundle/document.ts';
import { AptRoot } from '../apt/apt-root.ts';
import { ARCH } from '../commands/stage.ts';
import { BundleWorld, HAS_TOOLS } from './bundle-world.ts';

/** `bundle create` against registries and a module proxy on loopback; the repositories are in the store. */
let world: BundleWorld;
let stage: BundleWorld['stage'];
let file: string;
let whole: Buffer;
beforeAll(async () => {
  if (!HAS_TOOLS) return;
  world = new BundleWorld();
  ({ stage } = world);
  await world.open();
  file = join(stage.cwd, 'moby.tar');
  await create();
  whole = readFileSync(file);
});
afterAll(async () => {
  if (HAS_TOOLS) await world.close();
});
beforeEach(() => {
  if (!HAS_TOOLS) return;
  world.onRequest = () => undefined;
  world.forget(file);
});

const create = (...more: string[]) => world.create(file, ...more);

describe.skipIf(!HAS_TOOLS)('bundle create', () => {
  it('holds what the plan takes, each part usable by its own tool, and says what is not in it', async () => {
    const { status, stdout, stderr } = await create('--json');
    const document = bundleCreateDocument.parse(JSON.parse(stdout));
    const kinds = (document.objects ?? []).map(({ kind }) => kind);
    expect(new Set(kinds), stderr).toEqual(new Set(['apt', 'git', 'gomod', 'image']));
    expect(document.gaps).toEqual([]);
    expect(status).toBe(0);
    expect(existsSync(`${file}.parts`)).toBe(false);

    const at = join(stage.dir, 'unpacked');
    mkdirSync(at);
    execFileSync('tar', ['-xf', file, '-C', at]);
    expect(execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: at, encoding: 'utf8' })).toBe('');
    expect((await stage.run(['bundle', 'verify', file])).stderr).toMatch(/All \d+ objects are whole/u);
    usableByGit(at);
    usableAsLayout(at);
    usableByGo(at);
    await usableByApt(at);
  });

  it('has the same bytes for the same inputs, whoever serves them; what a killed run was writing goes', async () => {
    const abandoned = join(stage.cwd, '.moby.tar.new-0123abcd');
    writeFileSync(abandoned, 'half a bundle');
    // No mirror is measured then, and the digests of images are asked for all the same.
    await create('--no-probe');
    expect(existsSync(abandoned)).toBe(false);
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(world.twice().filter((path) => path.includes('/blobs/'))).toEqual([]);
  });

  it('is not written over a file that is no bundle: exit 2, and nobody is asked', async () => {
    const other = join(stage.cwd, 'other.tar');
    writeFileSync(other, 'somebody needs this');
    const { status, stderr } = await world.create(other);
    expect(status).toBe(2);
    expect(stderr).toContain(`${other} is there already, and is no bundle.`);
    expect(readFileSync(other, 'utf8')).toBe('somebody needs this');
    expect(world.asked).toEqual([]);
    expect((await stage.run(['bundle', 'create', ...world.line])).stderr).toContain('bundle create needs --out FILE');
  });
});

describe.skipIf(!HAS_TOOLS)('bundle create with a mirror of packages that lies', () => {
  const lying = async (path: string, change: (data: Buffer) => Buffer | null): Promise<string> => {
    const { files } = world.archive;
    const before = files.get(path) ?? Buffer.alloc(0);
    const changed = change(before);
    if (changed === null) files.delete(path);
    else files.set(path, changed);
    const { status, stderr } = await create();
    files.set(path, before);
    expect(status).toBe(5);
    return stderr;
  };

  it.each<[string, string, (data: Buffer) => Buffer | null, RegExp]>([
    [
      'a suite that no mirror has: their answers, not what apt makes of them',
      'dists/buster/InRelease',
      () => null,
      /apt Dockerfile:\d+: http:\S+: HTTP status 404/u,
    ],
    [
      'a suite that is not signed so',
      'dists/buster/InRelease',
      (data) => Buffer.from(data.toString().replace('Codename: buster', 'Codename: bustes')),
      /apt Dockerfile:\d+: [EW]: /u,
    ],
    [
      'a package of another checksum',
      `pool/main/xxd_1_${ARCH}.deb`,
      (data) => Buffer.alloc(data.length, 'x'),
      /apt xxd_1_\w+\.deb: .*it is not what the suite lists/u,
    ],
  ])('names the gap, exit 5: %s', async (_, path, change, words) => {
    expect(await lying(path, change)).toMatch(words);
  });
});

describe.skipIf(!HAS_TOOLS)('bundle create that is killed', () => {
  it.each([1, 2, 4])('at blob %i loses that one, and the next run ends with the same bytes', async (moment) => {
    const running = world.startCreate(file);
    let blobs = 0;
    world.onRequest = (path) => {
      if (path.includes('/blobs/')) blobs += 1;
      if (blobs === moment) running.child.kill('SIGKILL');
    };
    await running.ended;
    world.onRequest = () => undefined;
    expect(existsSync(file)).toBe(false);
    const lost = world.asked.filter((path) => path.includes('/blobs/')).at(-1);
    await create();
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(world.twice().filter((path) => path.includes('/blobs/'))).toEqual([lost]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'for want of space goes on when there is some: exit 3, and the bytes are the same',
    async () => {
      const small = join(stage.dir, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', small]);
      try {
        const full = await world.create(join(small, 'moby.tar'));
        expect(full.status, full.stderr).toBe(3);
        expect(full.stderr).toContain(`No space left on the device of ${small}`);
        expect(existsSync(join(small, 'moby.tar'))).toBe(false);
        execFileSync('mount', ['-o', 'remount,size=64m', small]);
        const { status, stderr } = await world.create(join(small, 'moby.tar'));
        expect(status, stderr).toBe(0);
        expect(readFileSync(join(small, 'moby.tar')).equals(whole)).toBe(true);
      } finally {
        execFileSync('umount', [small]);
      }
    },
  );

  it('and whose folder is damaged fetches the damaged parts again, and signed lists, which may be old, anyway', async () => {
    const running = world.startCreate(file);
    world.onRequest = (path) => {
      if (path.endsWith('.zip')) running.child.kill('SIGKILL');
    };
    await running.ended;
    world.onRequest = () => undefined;
    const [blob = ''] = [...world.blobs].filter(([, data]) => data.length > 150).map(([digest]) => digest);
    const part = join(`${file}.parts`, 'images/blobs', blob.replace(':', '/'));
    writeFileSync(part, Buffer.alloc(readFileSync(part).length, 'x'));
    world.asked = [];
    await create();
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(world.asked.filter((path) => path.includes('/blobs/'))).toEqual([expect.stringContaining(`/blobs/${blob}`)]);
    const suites = world.asked.filter((path) => path.startsWith('apt'));
    expect(suites.filter((path) => !path.endsWith('/InRelease'))).toEqual([]);
    expect(suites).toHaveLength(4);
  });

  it('and whose modules are damaged names them, and the next run fetches them again', async () => {
    const kept = new Map(world.archive.files);
    world.archive.files.delete(`pool/main/xxd_1_${ARCH}.deb`);
    expect((await create()).status).toBe(5);
    for (const [path, data] of kept) world.archive.files.set(path, data);
    const zip = join(`${file}.parts`, 'gopath/mod/cache/download/example.test/dep/@v/v1.0.0.zip');
    writeFileSync(zip, 'damaged');
    const { status, stderr } = await create();
    expect(status).toBe(5);
    expect(stderr).toContain('gomod example.test/dep@v1.0.0: what lies in the folder of the parts is not');
    await create();
    expect(readFileSync(file).equals(whole)).toBe(true);
  });
});

function usableByGit(at: string): void {
  const repositories = readdirSync(join(at, 'git'));
  expect(repositories.length).toBeGreaterThan(3);
  for (const name of repositories) {
    const clone = join(at, `clone-${name}`);
    execFileSync('git', ['clone', '--quiet', join(at, 'git', name), clone]);
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: clone, encoding: 'utf8' }).trim();
    expect(`${head}.git`).toBe(name);
  }
}

function usableAsLayout(at: string): void {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(at, 'images', path), 'utf8'));
  expect(read('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
  const { manifests } = read('index.json') as { manifests: { digest: string; annotations: Record<string, string> }[] };
  expect(manifests.map(({ digest }) => digest)).toEqual([world.digest, world.digest]);
  expect(manifests.map(({ annotations }) => annotations['io.containerd.image.name'])).toEqual([
    'docker.io/djs55/vpnkit:0.5.0',
    'docker.io/library/golang:1.16.12-buster',
  ]);
  const loaded = read('manifest.json') as { Config: string; RepoTags: string[]; Layers: string[] }[];
  expect(loaded.flatMap(({ RepoTags }) => RepoTags)).toEqual([
    'djs55/vpnkit:0.5.0',
    'djs55/vpnkit:0.5.0-arm64',
    'golang:1.16.12-buster',
  ]);
  for (const { Config, Layers } of loaded)
    for (const path of [Config, ...Layers]) expect(existsSync(join(at, 'images', path)), path).toBe(true);
}

/** apt finds the packages of the closure in the unpacked folder, with its own checks on. */
async function usableByApt(at: string): Promise<void> {
  const sources = ['buster', 'buster-updates', 'buster-backports'].map(
    (suite) => `deb file:${at}/apt/debian ${suite} main\n`,
  );
  const root = new AptRoot(world.archive.key, sources.join(''), '', ARCH);
  const update = await root.get('update');
  expect(update.said).not.toMatch(/^[EW]: /mu);
  const words = ['libbtrfs-dev', 'libudev-dev', 'cmake', 'xxd', 'libseccomp-dev/buster-backports'];
  const got = await root.get('install', '-y', '--download-only', ...words);
  expect(got.said).toContain('Download complete');
  expect(got.status).toBe(0);
  root.remove();
}

/** A go command that asks the folder alone finds the module, and checks it against go.sum. */
function usableByGo(at: string): void {
  const clone = readdirSync(at).find((name) => name.startsWith('clone-') && existsSync(join(at, name, 'go.mod')));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: at, GOPATH: join(at, 'gopath'), GOCACHE: join(at, 'gocache') },
    ...{ GOFLAGS: '-mod=mod -modcacherw', GOPROXY: `file://${join(at, 'go')}`, GOENV: 'off', GOTOOLCHAIN: 'local' },
  };
  const listed = execFileSync('go', ['list', '-deps', './...'], { cwd: join(at, clone ?? ''), env, encoding: 'utf8' });
  expect(listed).toContain('example.test/dep');
  // `go install PATH@VERSION` asks for them, too.
  const versions = execFileSync('go', ['list', '-m', '-versions', 'example.test/dep'], {
    cwd: join(at, clone ?? ''),
    env,
    encoding: 'utf8',
  });
  expect(versions).toBe('example.test/dep v1.0.0\n');
}
