import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../../src/commands/build/build.ts';
import { patch } from '../../../src/commands/patch/patch.ts';
import { fetchSources } from '../../../src/run/handover/fetch-sources.ts';
import type { HostSource } from '../../../src/handover/host-sources.ts';
import { sourceCandidates } from '../../../src/run/source/source-candidates.ts';
import { asItIs, type Order } from '../../../src/mirrors/probe/choices.ts';
import { begin } from '../../../src/run/begin.ts';
import { runChain } from '../../../src/run/stage/chain.ts';
import { CHECKING } from '../../../src/run/steps.ts';
import { treeId } from '../../../src/system/files/tree-id.ts';
import { startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { git, Places } from '../store/repository.ts';
import { makeComponent, planBuild, prepareBuild, wordsFor } from './host-setup.ts';
import { contextOf } from './run-context.ts';

const COMPONENTS = {
  CONTAINERD: { name: 'containerd/containerd', tag: 'v1.4.12', files: 3 },
  RUNC: { name: 'opencontainers/runc', tag: 'v1.0.2', files: 3 },
  TINI: { name: 'krallin/tini', tag: 'v0.19.0', files: 3 },
  LIBNETWORK: { name: 'docker/libnetwork', tag: null, files: 3 },
  ROOTLESSKIT: { name: 'rootless-containers/rootlesskit', tag: null, files: 3 },
} as const;

const places = new Places();
afterAll(() => {
  places.remove();
});

const bares: Record<string, string> = {};
const pins: Partial<Record<keyof typeof COMPONENTS, string>> = {};
let tree = '';
beforeAll(() => {
  for (const [pin, { name, tag, files }] of Object.entries(COMPONENTS)) {
    const dir = places.next();
    pins[pin as keyof typeof COMPONENTS] = makeComponent(places.base, dir, tag, files);
    bares[name] = dir;
  }
  tree = places.next();
  materializeLightTree(tree, { pins });
});

let server: Awaited<ReturnType<typeof startGitServer>>;
let routes: Record<string, Behaviour>;
let workDir: string;
beforeEach(async () => {
  routes = {};
  for (const [name, repository] of Object.entries(bares)) routes[`/second/${name}`] = { kind: 'git', repository };
  server = await startGitServer(routes);
  workDir = places.next();
  mkdirSync(workDir);
});
afterEach(async () => {
  await server.close();
});

/** Words for the light tree with git mirrors on the server: paths of it. */
function lineFor(mirrors: readonly string[]): string[] {
  return [
    ...wordsFor(
      workDir,
      tree,
      mirrors.map((path) => `${server.url}/${path}`),
    ),
    '--without',
    'vpnkit',
  ];
}

const prepare = (name: string, mirrors: readonly string[] = ['first', 'second'], more: readonly string[] = []) =>
  prepareBuild(workDir, name, [...lineFor(mirrors), ...more]);

const installer = (dir: string, name: string) =>
  readFileSync(join(dir, `hack/dockerfile/install/${name}.installer`), 'utf8');

/** Does what an installer's RUN step does, with the folder where it lies instead of where it is mounted. */
function cloneAsInstaller(dir: string, name: string, commit: string): string {
  const line = /git clone (.*) "/u.exec(installer(dir, name))?.[1] ?? '';
  const to = places.next();
  git(places.base, 'clone', ...line.replace('/tmp/install', join(dir, 'hack/dockerfile/install')).split(' '), to);
  git(to, 'checkout', '-q', commit);
  return to;
}

describe('sources through the host', () => {
  it('are handed in, and what is built from them says of itself what a whole clone would', async () => {
    const { dir } = await prepare('tree', ['second']);
    const names = {
      CONTAINERD: 'containerd',
      RUNC: 'runc',
      TINI: 'tini',
      LIBNETWORK: 'proxy',
      ROOTLESSKIT: 'rootlesskit',
    };
    for (const [pin, file] of Object.entries(names)) {
      const { name } = COMPONENTS[pin as keyof typeof COMPONENTS];
      const commit = pins[pin as keyof typeof COMPONENTS] ?? '';
      const clone = cloneAsInstaller(dir, file, commit);
      const whole = places.next();
      git(places.base, 'clone', '--quiet', bares[name] ?? '', whole);
      git(whole, 'checkout', '-q', commit);
      for (const question of [
        ['describe', '--dirty', '--long', '--always'],
        ['describe', '--match', 'v[0-9]*', '--dirty=.m', '--always'],
        ['rev-parse', 'HEAD'],
        ['log', '-n', '1', '--pretty=format:%h'],
      ]) {
        // These whole clones are small; to git, runc's and containerd's own are large (VERSION_BY_GIT).
        const digits = { runc: '8', containerd: '9' }[file] ?? 'auto';
        const said = git(whole, '-c', `core.abbrev=${digits}`, ...question);
        expect(git(clone, ...question), `${file}: git ${question.join(' ')}`).toBe(said);
      }
    }
    expect(git(cloneAsInstaller(dir, 'runc', pins.RUNC ?? ''), 'describe', '--long')).toMatch(
      /^v1\.0\.2-0-g[0-9a-f]{8}$/u,
    );
  });

  it('sources come from the next mirror when one dies in the middle, and a second work dir fetches nothing', async () => {
    for (const [name, repository] of Object.entries(bares))
      routes[`/first/${name}`] = { kind: 'git', repository, dropAfter: 60 };
    const first = await prepare('one');
    expect(first.readySources.map(({ entry }) => entry.record.url)).toEqual(
      Array(5).fill(expect.stringContaining(`${server.url}/second/`)),
    );
    for (const name of Object.keys(bares)) {
      const asked = server.requests.filter(({ method, path }) => method === 'POST' && path.includes(name));
      expect(
        asked.some(({ path }) => path.startsWith('/first/')),
        name,
      ).toBe(true);
      expect(
        asked.some(({ path }) => path.startsWith('/second/')),
        name,
      ).toBe(true);
    }
    expect(first.notes.filter(({ code }) => code === 'clone-failed')).toHaveLength(5);
    const asked = server.requests.length;
    const second = await prepare('two');
    expect(server.requests).toHaveLength(asked);
    expect(second.readySources.map(({ receivedBytes }) => receivedBytes)).toEqual([0, 0, 0, 0, 0]);
    expect(second.readySources.every(({ fromStore }) => fromStore)).toBe(true);
  });

  it('that another run has put into the store meanwhile stay as they are', async () => {
    await prepare('one', ['second']);
    const theirs = join(workDir, 'store/git');
    workDir = places.next();
    mkdirSync(workDir);
    const mine = join(workDir, 'store/git');
    const { planned, io } = await planBuild(workDir, 'two', lineFor(['second']));
    const put = new Map<string, number>();
    const say = (): void => {
      for (const name of readdirSync(theirs).filter((each) => !existsSync(join(mine, each)))) {
        cpSync(join(theirs, name), join(mine, name), { recursive: true, preserveTimestamps: true });
        put.set(name, statSync(join(mine, name)).ino);
      }
    };
    const ready = await fetchSources(planned, { ...io, say });
    expect(put.size).toBeGreaterThan(0);
    for (const [name, inode] of put) expect(statSync(join(mine, name)).ino, name).toBe(inode);
    expect(ready).toHaveLength(5);
  });

  it('leave the same bytes in the tree whatever mirror served them', async () => {
    const one = await prepare('one', ['second']);
    const other = new Map(Object.entries(routes).map(([path, to]) => [path.replace('/second', '/third'), to]));
    for (const [path, to] of other) routes[path] = to;
    const store = workDir;
    workDir = places.next();
    mkdirSync(workDir);
    const two = await prepare('two', ['third']);
    expect(existsSync(join(store, 'store'))).toBe(true);
    expect(await treeId(two.dir)).toBe(await treeId(one.dir));
    expect(two.treeAfter).toBe(one.treeAfter);
    // The repositories are beside the patched tree, not part of it.
    expect(one.treeAfter).not.toBe(await treeId(one.dir));
    expect(statSync(join(one.dir, 'hack/dockerfile/install/sources/opencontainers/runc.git/HEAD')).mode & 0o777).toBe(
      0o644,
    );
  });

  it('sources of another commit are refused, whoever has them', async () => {
    const evil = places.next();
    git(places.base, 'clone', '--quiet', '--bare', bares['opencontainers/runc'] ?? '', evil);
    git(evil, 'tag', '-f', '-a', '-m', 'moved', 'v1.0.2', 'main');
    routes['/second/opencontainers/runc'] = { kind: 'git', repository: evil };
    await expect(prepare('tree', ['second'])).rejects.toMatchObject({
      code: 'no-usable-mirror',
      exitCode: 5,
      message: expect.stringContaining('another commit') as string,
    });
    expect(existsSync(join(workDir, 'tree/hack/dockerfile/install/sources'))).toBe(false);
  });

  it('are shown by a dry run, which writes nothing', async () => {
    const context = await contextOf(workDir, ['build', '--dry-run', ...lineFor(['first', 'second'])]);
    const report = await build(context);
    expect(report.patchText).toContain('git clone -c core.abbrev=8 /tmp/install/sources/opencontainers/runc.git');
    expect(report.fetched.filter((line) => line.includes('(host:'))).toHaveLength(5);
    expect(context.document['fetches']).toContainEqual({
      component: 'runc',
      upstream: 'https://github.com/opencontainers/runc.git',
      commit: pins.RUNC,
      tag: 'v1.0.2',
      mirrors: ['two', 'two'],
      stored: false,
      path: 'hack/dockerfile/install/sources/opencontainers/runc.git',
    });
    expect(report.plan.points.filter(({ via }) => via === 'host')).toHaveLength(5);
    expect(report.plan.totals.uncovered).toBe(0);
    expect(existsSync(join(workDir, 'store'))).toBe(false);
    expect(server.requests).toEqual([]);
  });

  it('are not for a tree that is built in place: asked for that is refused, else the build fetches them', async () => {
    const words = [...lineFor(['second']), '--in-place'];
    await expect(contextOf(workDir, ['build', ...words, '--sources', 'host'])).rejects.toMatchObject({ code: 'usage' });
    const context = await contextOf(workDir, ['build', '--dry-run', ...words]);
    const { plan, notes } = await build(context);
    expect(plan.points.filter(({ via }) => via === 'host')).toEqual([]);
    expect(notes.map(({ code }) => code)).toContain('sources-in-place');
  });

  it.each<[string, string, readonly string[], number]>([
    ['163', 'build', [], 0],
    ['direct', 'build', [], 0],
    ['163', 'build', ['--sources', 'host'], 5],
    ['direct', 'build', ['--sources', 'host'], 5],
    ['cn', 'build', [], 5],
    ['cn', 'build', ['--sources', 'mirror'], 0],
    ['upstream', 'build', [], 5],
  ])('profile %s, %s %j: %i of them', async (profile, command, more, count) => {
    // 163 leaves places to nobody, which a dry run refuses as the build does.
    const words = [command, '--dry-run', '--allow-uncovered', '--source', tree, '--no-probe', '--profile', profile];
    words.push(...more);
    const { plan } = await build(await contextOf(workDir, words));
    expect(plan.points.filter(({ via }) => via === 'host')).toHaveLength(count);
  });

  it('are not in a patch set, which stands alone', async () => {
    const { plan } = await patch(await contextOf(workDir, ['patch', ...lineFor(['second'])]));
    expect(plan.points.filter(({ kind, via }) => kind === 'git' && via === 'mirror')).toHaveLength(5);
    expect(plan.points.filter(({ via }) => via === 'host')).toEqual([]);
  });

  it('come from the mirror that was measured best, then from the others', async () => {
    const { from, io } = begin('build', await contextOf(workDir, ['build', ...lineFor(['first', 'second', 'third'])]));
    const checked = await runChain(CHECKING, from, io);
    const upstream = 'https://github.com/opencontainers/runc.git';
    const source = { upstream, points: ['runc/git'] } as unknown as HostSource;
    const paths = (order: Order) =>
      sourceCandidates({ ...checked, order }, io, source).map(({ url }) => url.split('/')[3]);
    expect(paths(asItIs)).toEqual(['first', 'second', 'third']);
    const asked: unknown[] = [];
    const thirdOnly: Order = (kind, point, list) => {
      asked.push([kind, point]);
      return list.filter(({ template }) => template?.text.includes('/third/') === true);
    };
    expect(paths(thirdOnly)).toEqual(['third', 'first', 'second']);
    expect(asked).toEqual([['git', 'runc/git']]);
  });
});
