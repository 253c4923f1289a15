import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchComponent } from '../../../src/source/fetch-component.ts';
import { fetchSource } from '../../../src/source/fetch.ts';
import { addEntry, listEntries } from '../../../src/store/store.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { makeBare, startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { git, Places } from '../store/repository.ts';

const UPSTREAM = 'https://github.com/o/r.git';
/** Of what both releases have; no packing makes it smaller. */
const SHARED = 400_000;

const access = new GitAccess({ env: process.env });
const places = new Places();
const bare = join(places.base, 'r.git');
const commits = new Map<string, string>();
let server: Awaited<ReturnType<typeof startGitServer>>;
let routes: Record<string, Behaviour>;

beforeAll(() => {
  const work = places.next();
  git(places.base, 'init', '--quiet', '--initial-branch=main', work);
  writeFileSync(join(work, 'shared'), randomBytes(SHARED));
  for (const tag of ['v1.0.0', 'v1.0.1']) {
    writeFileSync(join(work, 'CHANGELOG'), `${tag}\n`);
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '-m', tag);
    git(work, 'tag', '-a', '-m', tag, tag);
    commits.set(tag, git(work, 'rev-parse', 'HEAD'));
  }
  makeBare(work, bare);
});
beforeEach(async () => {
  routes = { '/r': { kind: 'git', repository: bare } };
  server = await startGitServer(routes);
  return () => server.close();
});
afterAll(() => {
  runCleanups();
  places.remove();
});

const mirrors = () => [{ mirror: 'mirror', url: `${server.url}/r` }];
const sent = (): number => server.requests.reduce((sum, { bytes }) => sum + bytes, 0);
const commitOf = (tag: string): string => commits.get(tag) ?? '';

/** The first release in a store, as a build leaves it. */
async function storeOfFirst(): Promise<{ readonly root: string; readonly entry: string }> {
  const root = places.next();
  const dir = join(places.next(), 'source');
  const fetched = await fetchSource({
    ref: 'v1.0.0',
    commit: commitOf('v1.0.0'),
    candidates: mirrors(),
    dir,
    mode: 'full',
    access,
  });
  expect(sent()).toBeGreaterThan(SHARED);
  const { commit, mirror, url, receivedBytes } = fetched;
  const wanted = {
    commit,
    upstream: UPSTREAM,
    tags: ['v1.0.0'],
    history: 'commit',
    mirror,
    url,
    receivedBytes,
  } as const;
  const entry = await addEntry(root, dir, wanted);
  server.requests.length = 0;
  return { root, entry: entry.dir };
}

/** The second release, with a neighbour or without. */
async function second(neighbour: string | null) {
  const dir = join(places.next(), 'source');
  const fetched = await fetchSource({
    ref: 'v1.0.1',
    commit: commitOf('v1.0.1'),
    candidates: mirrors(),
    neighbour: () => Promise.resolve(neighbour === null ? null : { dir: neighbour }),
    dir,
    mode: 'full',
    access,
  });
  return { dir, fetched };
}

/** All that the repository of a tree holds. */
function contents(dir: string) {
  return {
    objects: git(dir, 'cat-file', '--batch-check', '--batch-all-objects'),
    refs: git(dir, 'for-each-ref'),
    shallow: readFileSync(join(dir, '.git/shallow'), 'utf8'),
    status: git(dir, 'status', '--porcelain'),
  };
}

describe('another release of a repository that the store has', () => {
  it('comes without what both share, and leaves the same as it would alone', async () => {
    const { entry } = await storeOfFirst();
    const { dir, fetched } = await second(entry);
    expect(sent()).toBeLessThan(SHARED / 10);
    expect(fetched).toMatchObject({ commit: commitOf('v1.0.1'), mirror: 'mirror', fromStore: false });
    expect(fetched.receivedBytes).toBeLessThan(SHARED / 10);
    const alone = await second(null);
    expect(contents(dir)).toEqual(contents(alone.dir));
    expect(git(dir, 'fsck', '--full', '--no-dangling')).toBe('');
  });

  it('makes the same entry of the store, byte by byte', async () => {
    const { entry } = await storeOfFirst();
    const made = await Promise.all(
      [entry, null].map(async (neighbour) => {
        const { dir, fetched } = await second(neighbour);
        const { commit, mirror, url } = fetched;
        const wanted = { commit, upstream: UPSTREAM, tags: ['v1.0.1'], history: 'commit', mirror, url } as const;
        const root = places.next();
        await addEntry(root, dir, { ...wanted, receivedBytes: 1 });
        const [listed] = await listEntries(root);
        return listed?.record?.files;
      }),
    );
    expect(made[0]?.length).toBeGreaterThan(3);
    expect(made[0]).toEqual(made[1]);
  });

  it('comes whole where the stored copy is damaged or gone', async () => {
    const { entry } = await storeOfFirst();
    rmSync(join(entry, 'objects'), { recursive: true });
    for (const neighbour of [entry, places.next()]) {
      server.requests.length = 0;
      const { dir } = await second(neighbour);
      expect(sent()).toBeGreaterThan(SHARED);
      expect(git(dir, 'fsck', '--full', '--no-dangling')).toBe('');
    }
  });

  it.each([
    ['a server of plain files', (): Behaviour => ({ kind: 'dumb', repository: bare })],
    ['a server without single commits', (): Behaviour => ({ kind: 'git', repository: bare, singles: false })],
  ])('comes from %s, too', async (_, behaviour) => {
    const { entry } = await storeOfFirst();
    routes['/r'] = behaviour();
    const { dir } = await second(entry);
    expect(git(dir, 'rev-parse', 'HEAD')).toBe(commitOf('v1.0.1'));
    expect(git(dir, 'fsck', '--full', '--no-dangling')).toBe('');
    expect(git(dir, 'for-each-ref')).not.toContain('neighbour');
  });
});

describe('a component whose other release the store has', () => {
  const wish = (described: boolean, tag: string | null) => ({
    ...{ title: 'r', commit: commitOf('v1.0.1'), tag, described },
  });
  const bring = (neighbour: string, described: boolean, tag: string | null) =>
    fetchComponent(wish(described, tag), {
      candidates: mirrors(),
      neighbour: () => Promise.resolve({ dir: neighbour }),
      dir: places.next(),
      access,
    });

  it.each([
    ['by its tag', true, 'v1.0.1'],
    ['by its id', false, null],
  ])('comes without what both share: %s', async (_, described, tag) => {
    const { entry } = await storeOfFirst();
    const fetched = await bring(entry, described, tag);
    expect(fetched).toMatchObject({ commit: commitOf('v1.0.1'), history: 'commit' });
    expect(sent()).toBeLessThan(SHARED / 10);
  });

  it('has all its history where its build needs that, and does not end at the neighbour', async () => {
    const { entry } = await storeOfFirst();
    routes['/r'] = { kind: 'dumb', repository: bare };
    const dir = places.next();
    const neighbour = () => Promise.resolve({ dir: entry });
    await fetchComponent(wish(true, 'v1.0.1'), { candidates: mirrors(), neighbour, dir, access });
    expect(git(dir, 'rev-list', '--count', commitOf('v1.0.1'))).toBe('2');
  });
});
