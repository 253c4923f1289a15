import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../../src/commands/build.ts';
import { applyToSource } from '../../../src/pipeline/apply-plan.ts';
import { chooseMirrors } from '../../../src/pipeline/choose-mirrors.ts';
import { fetchSources } from '../../../src/pipeline/fetch-sources.ts';
import { getSource } from '../../../src/pipeline/get-source.ts';
import { planRewrites, scanSource } from '../../../src/pipeline/make-plan.ts';
import { placeSources } from '../../../src/pipeline/place-sources.ts';
import { newState, type RunState } from '../../../src/pipeline/state.ts';
import { treeId } from '../../../src/system/tree-id.ts';
import { startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { git, Places } from '../store/repository.ts';
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

/** A commit with many files in its past, then the pinned one with one file, then one more. Bare. */
function makeComponent(dir: string, tag: string | null, files: number): string {
  git(places.base, 'init', '--quiet', '--bare', '--initial-branch=main', dir);
  const commit = (mark: number, text: string, from: string) =>
    `commit refs/heads/main\nmark :${String(mark)}\ncommitter T <t@example.invalid> 1639396800 +0000\ndata ${String(text.length)}\n${text}\n${from}`;
  const blobs = Array.from({ length: files }, (_, index) => {
    const text = `file ${String(index)} of ${dir}`;
    return `M 100644 inline past/${String(index)}\ndata ${String(text.length)}\n${text}\n`;
  });
  const lines = [
    commit(1, 'past', blobs.join('')),
    commit(2, 'pinned', 'from :1\ndeleteall\nM 100644 inline Makefile\ndata 4\nall:\n'),
    ...(tag === null ? [] : [`tag ${tag}\nfrom :2\ntagger T <t@example.invalid> 1639396800 +0000\ndata 1\nt\n`]),
    commit(3, 'later', 'from :2\nM 100644 inline More\ndata 1\nx\n'),
  ];
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: dir,
    input: lines.join(''),
    env: { PATH: process.env['PATH'] },
  });
  return git(dir, 'rev-parse', 'main~1');
}

const bares: Record<string, string> = {};
const pins: Partial<Record<keyof typeof COMPONENTS, string>> = {};
let tree = '';
beforeAll(() => {
  for (const [pin, { name, tag, files }] of Object.entries(COMPONENTS)) {
    const dir = places.next();
    pins[pin as keyof typeof COMPONENTS] = makeComponent(dir, tag, files);
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

/** A profile with two git mirrors on the server: paths of it. */
function lineFor(command: readonly string[], mirrors: readonly string[]): string[] {
  const file = join(workDir, 'profile.yaml');
  const list = mirrors.map((path) => `    - ${server.url}/${path}/{owner}/{repo}`).join('\n');
  const others =
    'apt: aliyun\n  gomod: goproxy.cn\n  gosumdb: sum.golang.google.cn\n  frontend: builtin\n  image: daocloud';
  writeFileSync(file, `name: two\nabout: two git mirrors\nmirrors:\n  ${others}\n  git:\n${list}\n`);
  return [...command, '--source', tree, '--profile', file, '--no-probe', '--without', 'vpnkit', '--sources', 'host'];
}

/** What a build does up to where the engine comes in. */
async function prepare(
  name: string,
  mirrors: readonly string[] = ['first', 'second'],
): Promise<RunState & { dir: string }> {
  const state = newState(await contextOf(workDir, lineFor(['build'], mirrors)));
  const dir = join(workDir, name);
  await chooseMirrors(state);
  await getSource(state, { dir, mode: 'full', say: () => undefined });
  scanSource(state);
  await planRewrites(state);
  await fetchSources(state, () => undefined);
  await applyToSource(state);
  await placeSources(state);
  return Object.assign(state, { dir });
}

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

  it('come from the next mirror when one dies in the middle, and a second work dir fetches nothing', async () => {
    for (const [name, repository] of Object.entries(bares))
      routes[`/first/${name}`] = { kind: 'git', repository, dropAfter: 60 };
    const first = await prepare('one');
    expect(first.readySources.map(({ entry }) => entry.record.mirror)).toEqual(
      Array(5).fill(expect.stringContaining('')),
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

  it('of another commit are refused, whoever has them', async () => {
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
    const context = await contextOf(workDir, lineFor(['build', '--dry-run'], ['first', 'second']));
    const report = await build(context);
    expect(report.patchText).toContain('git clone -c core.abbrev=8 /tmp/install/sources/opencontainers/runc.git');
    expect(report.fetched.filter((line) => line.includes('(host:'))).toHaveLength(5);
    expect(report.plan.points.filter(({ via }) => via === 'host')).toHaveLength(5);
    expect(report.plan.totals.uncovered).toBe(0);
    expect(existsSync(join(workDir, 'store'))).toBe(false);
    expect(server.requests).toEqual([]);
  });

  it('are not for a tree that is built in place', async () => {
    await expect(contextOf(workDir, [...lineFor(['build'], ['second']), '--in-place'])).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
