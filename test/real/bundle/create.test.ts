import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCreateDocument } from '../../../src/commands/bundle/document.ts';
import { BundleWorld } from './bundle-world.ts';

/** `bundle create` against registries and a module proxy on loopback; the repositories are in the store. */
const world = new BundleWorld();
const { stage } = world;
let file: string;
let whole: Buffer;
beforeAll(async () => {
  await world.open();
  file = join(stage.cwd, 'moby.tar');
  await create();
  whole = readFileSync(file);
});
afterAll(async () => {
  await world.close();
});
beforeEach(() => {
  world.onRequest = () => undefined;
  world.forget(file);
});

const create = (...more: string[]) => stage.run(['bundle', 'create', ...world.line, '--out', file, ...more]);

describe('bundle create', () => {
  it('holds what the plan takes, each part usable by its own tool, and says what is not in it', async () => {
    const { status, stdout, stderr } = await create('--json');
    const document = bundleCreateDocument.parse(JSON.parse(stdout));
    const kinds = (document.objects ?? []).map(({ kind }) => kind);
    expect(new Set(kinds), stderr).toEqual(new Set(['git', 'gomod', 'image']));
    expect(document.gaps?.map(({ kind }) => kind)).toContain('apt');
    expect(status).toBe(5);
    expect('error' in document && document.error.code).toBe('bundle-incomplete');

    const at = join(stage.dir, 'unpacked');
    mkdirSync(at);
    execFileSync('tar', ['-xf', file, '-C', at]);
    expect(execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: at, encoding: 'utf8' })).toBe('');
    expect((await stage.run(['bundle', 'verify', file])).stderr).toMatch(/All \d+ objects are whole/u);
    usableByGit(at);
    usableAsLayout(at);
    usableByGo(at);
  });

  it('has the same bytes for the same inputs, whoever serves them', async () => {
    await create();
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(world.twice().filter((path) => path.includes('/blobs/'))).toEqual([]);
  });

  it('is not written over a file that is no bundle: exit 2, and nobody is asked', async () => {
    const other = join(stage.cwd, 'other.tar');
    writeFileSync(other, 'somebody needs this');
    const { status, stderr } = await stage.run(['bundle', 'create', ...world.line, '--out', other]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${other} is there already, and is no bundle.`);
    expect(readFileSync(other, 'utf8')).toBe('somebody needs this');
    expect(world.asked).toEqual([]);
    expect((await stage.run(['bundle', 'create', ...world.line])).stderr).toContain('bundle create needs --out FILE');
  });
});

describe('bundle create that is killed', () => {
  it.each([1, 2, 4])('at blob %i loses that one, and the next run ends with the same bytes', async (moment) => {
    const running = stage.start(['bundle', 'create', ...world.line, '--out', file]);
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

  it('and whose folder is damaged fetches the damaged blob again', async () => {
    await create();
    const [blob = ''] = [...world.blobs].filter(([, data]) => data.length > 150).map(([digest]) => digest);
    const part = join(`${file}.parts`, 'images/blobs', blob.replace(':', '/'));
    writeFileSync(part, Buffer.alloc(readFileSync(part).length, 'x'));
    world.asked = [];
    await create();
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(world.asked.filter((path) => path.includes('/blobs/'))).toEqual([expect.stringContaining(`/blobs/${blob}`)]);
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

/** A go command that asks the folder alone finds the module, and checks it against go.sum. */
function usableByGo(at: string): void {
  const clone = readdirSync(at).find((name) => name.startsWith('clone-') && existsSync(join(at, name, 'go.mod')));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: at, GOPATH: join(at, 'gopath'), GOCACHE: join(at, 'gocache') },
    ...{ GOFLAGS: '-mod=mod -modcacherw', GOPROXY: `file://${join(at, 'go')}`, GOENV: 'off', GOTOOLCHAIN: 'local' },
  };
  const listed = execFileSync('go', ['list', '-deps', './...'], { cwd: join(at, clone ?? ''), env, encoding: 'utf8' });
  expect(listed).toContain('example.test/dep');
}
