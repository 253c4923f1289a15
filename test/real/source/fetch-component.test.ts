import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchComponent, type ComponentWish } from '../../../src/source/fetch-component.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { makeBare, startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { git, makeUpstream, Places } from '../store/repository.ts';

const places = new Places();
afterAll(() => {
  places.remove();
});
const upstream = makeUpstream(places.next());
// More than a connection swallows at once, so that one can break in the middle.
writeFileSync(join(upstream.dir, 'blob'), randomBytes(300_000).toString('hex'));
git(upstream.dir, 'add', '--all');
git(upstream.dir, 'commit', '--quiet', '-m', 'large');
git(upstream.dir, 'tag', '-a', '-m', 'three', 'v1.1.0');
const large = git(upstream.dir, 'rev-parse', 'HEAD');
const bare = makeBare(upstream.dir, places.next());
const { tagged, later } = upstream;
/** It has an annotated tag alone, so no ref is its id. */
const first = git(upstream.dir, 'rev-parse', 'v1.0.0^{commit}');

/** The same repository with a tag that was moved. */
const moved = makeBare(upstream.dir, places.next());
git(moved, 'tag', '-f', '-a', '-m', 'moved', 'v1.1.0', later);

let server: Awaited<ReturnType<typeof startGitServer>>;
let routes: Record<string, Behaviour>;
let dir: string;
beforeEach(async () => {
  routes = { '/good': { kind: 'git', repository: bare } };
  server = await startGitServer(routes);
  dir = places.next();
});
afterEach(async () => {
  await server.close();
});

const RUNC: ComponentWish = { title: 'runc v1.1.0', commit: large, tag: 'v1.1.0', described: true };

async function fetchFrom(paths: readonly string[], wish: Partial<ComponentWish> = {}) {
  const failed: string[] = [];
  const again: string[] = [];
  const candidates = paths.map((path) => ({ mirror: path, url: `${server.url}/${path}` }));
  const got = await fetchComponent(
    { ...RUNC, ...wish },
    {
      candidates,
      dir,
      access: new GitAccess({ env: process.env }),
      idleMs: 3000,
      onFailure: ({ mirror, reason }) => failed.push(`${mirror}: ${reason}`),
      onAgain: ({ mirror, reason }, waitMs) => again.push(`${mirror}: ${reason}, ${String(waitMs)} ms`),
    },
  );
  return { got, failed, again };
}

const packBytes = (path: string) =>
  server.requests
    .filter((seen) => seen.method === 'POST' && seen.path.startsWith(`/${path}/`))
    .reduce((sum, { bytes }) => sum + bytes, 0);

describe('one commit of a component', () => {
  it('comes by its tag, without its history, and no more than that over the wire', async () => {
    const { got } = await fetchFrom(['good']);
    expect(got).toMatchObject({
      commit: large,
      tags: ['v1.1.0'],
      tagsUnchecked: false,
      history: 'commit',
      mirror: 'good',
    });
    expect(git(dir, 'rev-list', '--all')).toBe(large);
    expect(git(dir, 'describe', large)).toBe('v1.1.0');
    const whole = execFileSync('git', ['-C', bare, 'pack-objects', '--all', '--stdout', '--quiet'], {
      input: '',
      maxBuffer: 1e8,
    });
    expect(packBytes('good')).toBeLessThan(whole.length);
    expect(got.receivedBytes).toBeGreaterThan(300_000);
  });

  it('comes by its id where the tree names no tag and nobody asks for one', async () => {
    const { got } = await fetchFrom(['good'], { commit: later, tag: null, described: false });
    expect(got).toMatchObject({ commit: later, tags: [], history: 'commit' });
    expect(git(dir, 'rev-list', '--all')).toBe(later);
  });

  it('comes by its id where the server has lost a tag that nobody asks for', async () => {
    const { got } = await fetchFrom(['good'], { commit: later, tag: 'v9', described: false });
    expect(got).toMatchObject({ commit: later, tags: [], history: 'commit' });
  });

  it('is asked for by the tag that the server gives it where the tree says none; only the server says so', async () => {
    const { got } = await fetchFrom(['good'], { commit: tagged, tag: null });
    // The lightweight tag is none for git describe.
    expect(got).toMatchObject({ tags: ['v1.0.2'], tagsUnchecked: true, history: 'commit' });
  });

  it('comes with all history where it stands between tags and its build describes it', async () => {
    const { got } = await fetchFrom(['good'], { commit: later, tag: null });
    expect(got).toMatchObject({ commit: later, history: 'full', tags: ['nightly', 'v1.0.0', 'v1.0.2'] });
    expect(git(dir, 'describe', later)).toBe(git(upstream.dir, 'describe', later));
  });

  it.each<[string, Behaviour, Partial<ComponentWish>, string | undefined]>([
    ['protocol 0', { kind: 'git', repository: bare, singles: false }, {}, undefined],
    [
      'protocol 0',
      { kind: 'git', repository: bare, singles: false },
      { commit: first, tag: null, described: false },
      'tag v1.0.0',
    ],
    [
      'protocol 0',
      { kind: 'git', repository: bare, singles: false },
      { commit: later, tag: null, described: false },
      'all its history',
    ],
    ['plain files', { kind: 'dumb', repository: bare }, {}, 'tag v1.1.0 with its history'],
    ['plain files', { kind: 'dumb', repository: bare }, { tag: null, described: false }, 'tag v1.1.0 with its history'],
    [
      'plain files',
      { kind: 'dumb', repository: bare },
      { commit: later, tag: null, described: false },
      'all its history',
    ],
  ])('comes from a server that hands out no single commits: %s, %#', async (_, behaviour, wish, instead) => {
    routes['/whole'] = behaviour;
    const { got, failed } = await fetchFrom(['whole'], wish);
    expect([got.commit, got.history, got.instead, failed]).toEqual([wish.commit ?? large, 'commit', instead, []]);
    expect(git(dir, 'cat-file', '-t', got.commit)).toBe('commit');
  });

  it('that no such server has is not taken for another one', async () => {
    routes['/whole'] = { kind: 'git', repository: bare, singles: false };
    const missing = { commit: '1'.repeat(40), tag: null, described: false };
    await expect(fetchFrom(['whole'], missing)).rejects.toMatchObject({ code: 'no-usable-mirror' });
    routes['/moved'] = { kind: 'dumb', repository: moved };
    git(moved, 'update-server-info');
    await expect(fetchFrom(['moved'])).rejects.toThrow(/another commit as v1\.1\.0/u);
  });

  it('is what the tag says where the tree names a tag only', async () => {
    const { got } = await fetchFrom(['good'], { commit: null, tag: 'v1.0.2' });
    expect(got).toMatchObject({ commit: tagged, tags: ['v1.0.2'] });
  });
});

describe('mirrors that fail', () => {
  it('one that dies in the middle of the pack is followed by the next, and the requests show it', async () => {
    routes['/dying'] = { kind: 'git', repository: bare, dropAfter: 100_000 };
    const { got, failed } = await fetchFrom(['dying', 'good']);
    expect(got).toMatchObject({ commit: large, mirror: 'good' });
    expect(failed).toEqual(['dying: the transfer broke off']);
    expect(packBytes('dying')).toBeGreaterThan(50_000);
    // Twice: one that broke off is tried once more.
    expect(packBytes('dying')).toBeLessThan(250_000);
    expect(packBytes('good')).toBeGreaterThan(300_000);
    const order = server.requests.map(({ path }) => path.split('/')[1]);
    expect(order.lastIndexOf('dying')).toBeLessThan(order.indexOf('good'));
    expect(git(dir, 'fsck', '--full')).toBe('');
  });

  it('429 is waited out as long as the server says, and the same one serves', async () => {
    const busy: Behaviour = {
      kind: 'status',
      status: 429,
      retryAfter: 2,
      times: 2,
      then: { kind: 'git', repository: bare },
    };
    routes['/busy'] = busy;
    const started = performance.now();
    const { got, failed, again } = await fetchFrom(['busy', 'good']);
    expect([got.mirror, failed]).toEqual(['busy', []]);
    expect(again).toEqual(['busy: HTTP status 429, 2000 ms']);
    expect(performance.now() - started).toBeGreaterThan(2000);
  });

  it('429 for longer than a build waits leaves it to the next one, at once', async () => {
    routes['/busy'] = { kind: 'status', status: 429, retryAfter: 3600 };
    const { got, failed, again } = await fetchFrom(['busy', 'good']);
    expect([got.mirror, failed, again]).toEqual(['good', ['busy: HTTP status 429'], []]);
  });

  it.each<[string, Behaviour, RegExp]>([
    ['a page', { kind: 'html' }, /page and not git/u],
    ['404', { kind: 'status', status: 404 }, /no such repository/u],
    ['502', { kind: 'status', status: 502 }, /HTTP status 502/u],
    ['silence', { kind: 'stall' }, /said nothing/u],
    [
      'a tag that was moved',
      { kind: 'git', repository: moved },
      new RegExp(`as v1\\.1\\.0: ${later} instead of ${large}`, 'u'),
    ],
    ['another repository', { kind: 'git', repository: join(makeUpstream(places.next()).dir, '.git') }, /no such ref/u],
  ])('%s is said, and the next one is taken', async (_what, behaviour, reason) => {
    routes['/bad'] = behaviour;
    const { got, failed } = await fetchFrom(['bad', 'good']);
    expect(got.mirror).toBe('good');
    expect(failed).toEqual([expect.stringMatching(reason)]);
    expect(git(dir, 'rev-parse', 'v1.1.0^{commit}')).toBe(large);
  });

  it('no mirror is left: each is named with its reason', async () => {
    routes['/bad'] = { kind: 'git', repository: moved };
    await expect(fetchFrom(['bad', 'nowhere'])).rejects.toMatchObject({
      code: 'no-usable-mirror',
      exitCode: 5,
      message: expect.stringMatching(/runc v1\.1\.0[^]*another commit[^]*nowhere/u) as string,
    });
    expect(existsSync(join(dir, 'cmd'))).toBe(false);
  });

  it('one whose own copy is cut off does not pass for all history', async () => {
    const shallow = places.next();
    git(places.base, 'clone', '--quiet', '--bare', '--depth=1', `file://${upstream.dir}`, shallow);
    routes['/cut'] = { kind: 'git', repository: shallow };
    await expect(fetchFrom(['cut'], { commit: later, tag: null })).rejects.toMatchObject({ code: 'no-usable-mirror' });
  });
});
