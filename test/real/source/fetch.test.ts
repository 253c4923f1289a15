import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchSource, type FetchOptions } from '../../../src/source/fetch.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { treeId } from '../../../src/system/files/tree-id.ts';
import { failureIn } from '../../support/failure.ts';
import { makeBare, startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';

const REF = 'v20.10.12';
const access = new GitAccess({ env: process.env });
const base = mkdtempSync(join(tmpdir(), 'fetch-test-'));
const bare = join(base, 'moby.git');
const otherBare = join(base, 'other.git');
let commit = '';
let otherCommit = '';
let tree = '';

beforeAll(() => {
  const made = materializeLightTree(join(base, 'light'));
  commit = made.commit ?? '';
  tree = execFileSync('git', ['-C', made.dir, 'rev-parse', 'HEAD^{tree}'], { encoding: 'utf8' }).trim();
  makeBare(made.dir, bare);
  const other = materializeLightTree(join(base, 'other'), { debianDefault: 'evil.example' });
  otherCommit = other.commit ?? '';
  makeBare(other.dir, otherBare);
});
afterAll(() => {
  runCleanups();
  rmSync(base, { recursive: true, force: true });
});

let server: Awaited<ReturnType<typeof startGitServer>>;
let routes: Record<string, Behaviour>;
let dir: string;

beforeEach(async () => {
  routes = { '/good': { kind: 'git', repository: bare } };
  server = await startGitServer(routes);
  dir = join(mkdtempSync(join(base, 'work-')), 'source');
});
afterEach(async () => {
  await server.close();
});

function fetchFrom(paths: readonly string[], more: Partial<FetchOptions> = {}) {
  const candidates = paths.map((path) => ({
    mirror: path,
    url: path.includes('://') ? path : `${server.url}/${path}`,
  }));
  return fetchSource({ ref: REF, commit, candidates, dir, mode: 'full', access, ...more });
}

describe('a mirror that works', () => {
  it('gives the tree of the pinned commit, without its history', async () => {
    const phases = new Set<string>();
    const got = await fetchFrom(['good'], { onProgress: ({ phase }) => phases.add(phase) });
    expect(got).toMatchObject({ commit, reused: false, mirror: 'good', failed: [] });
    expect(await treeId(dir)).toBe(tree);
    expect(execFileSync('git', ['-C', dir, 'describe', '--tags', '--exact-match'], { encoding: 'utf8' }).trim()).toBe(
      REF,
    );
    expect(existsSync(join(dir, '.git/shallow'))).toBe(true);
    expect(phases).toContain('receiving');
  });

  it('is not asked again when the tree is there, and what was done to the tree is undone', async () => {
    await fetchFrom(['good']);
    const asked = server.requests.length;
    writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\n');
    mkdirSync(join(dir, 'bundles/binary-daemon'), { recursive: true });
    writeFileSync(join(dir, 'bundles/binary-daemon/dockerd'), 'x');
    writeFileSync(join(dir, '.git/index.lock'), '');
    const again = await fetchFrom(['good']);
    expect(again.reused).toBe(true);
    expect(server.requests).toHaveLength(asked);
    expect(await treeId(dir)).toBe(tree);
    expect(existsSync(join(dir, 'bundles'))).toBe(false);
  });

  it('is asked again when what is there is not whole', async () => {
    await fetchFrom(['good']);
    rmSync(join(dir, '.git/moby-build.json'));
    expect((await fetchFrom(['good'])).reused).toBe(false);
    expect(await treeId(dir)).toBe(tree);
  });

  it.each(['https://github.com/moby/moby', 'https://github.com/moby/moby.git'])(
    'may be a prefix in front of %s',
    async (url) => {
      routes['/https://github.com/moby/moby'] = { kind: 'git', repository: bare };
      expect((await fetchFrom([`${server.url}/${url}`])).commit).toBe(commit);
    },
  );
});

describe('few files', () => {
  it('brings what a scan reads and hardly more', async () => {
    const got = await fetchFrom(['good'], { mode: 'files' });
    expect(got.mode).toBe('files');
    for (const path of [
      'Dockerfile',
      'Makefile',
      'hack/make.sh',
      'hack/dockerfile/install/runc.installer',
      'contrib/dockerd-rootless.sh',
    ]) {
      expect(readFileSync(join(dir, path)), path).toEqual(readFileSync(join(base, 'light', path)));
    }
    expect(existsSync(join(dir, 'cmd'))).toBe(false);
    const missing = execFileSync('git', ['-C', dir, 'rev-list', '--objects', '--missing=print', 'HEAD'], {
      encoding: 'utf8',
    });
    expect(missing).toMatch(/^\?[0-9a-f]{40}$/m);
  });

  it('come whole from a server that knows no filters', async () => {
    routes['/old'] = { kind: 'git', repository: bare, allowFilter: false };
    await fetchFrom(['old'], { mode: 'files' });
    expect(existsSync(join(dir, 'hack/make.sh'))).toBe(true);
    expect(existsSync(join(dir, 'cmd'))).toBe(false);
  });

  it.each<[string, Behaviour]>([
    ['hands out no single files', { kind: 'git', repository: bare, singles: false }],
    ['has plain files only', { kind: 'dumb', repository: bare }],
  ])('come with all history from a server that %s, and so does a full tree', async (_, behaviour) => {
    routes['/whole'] = behaviour;
    expect(await fetchFrom(['whole'], { mode: 'files' })).toMatchObject({ commit, whole: true, failed: [] });
    expect(existsSync(join(dir, 'hack/make.sh'))).toBe(true);
    expect(existsSync(join(dir, 'cmd'))).toBe(false);
    const full = await fetchFrom(['whole'], { mode: 'full' });
    expect(full.whole ?? false).toBe(behaviour.kind === 'dumb');
    expect(await treeId(dir)).toBe(tree);
  });

  it('do not pass for a full tree, but a full tree passes for them', async () => {
    await fetchFrom(['good'], { mode: 'files' });
    expect((await fetchFrom(['good'], { mode: 'full' })).reused).toBe(false);
    expect(await treeId(dir)).toBe(tree);
    expect(await fetchFrom(['good'], { mode: 'files' })).toMatchObject({ reused: true, mode: 'full' });
  });
});

describe('mirrors that do not work', () => {
  const bad: readonly (readonly [string, Behaviour, RegExp])[] = [
    ['a page instead of git', { kind: 'html' }, /text\/html/],
    ['a page of many lines', { kind: 'html', body: '<html>\n<p>a\tb\n</html>\n' }, /not (?:a )?git|text\/html/],
    ['404', { kind: 'status', status: 404 }, /no such repository/],
    ['403', { kind: 'status', status: 403 }, /HTTP status 403/],
    ['502', { kind: 'status', status: 502 }, /HTTP status 502/],
    ['401', { kind: 'status', status: 401 }, /user name and password/],
    ['silence', { kind: 'hang' }, /said nothing/],
    ['silence after the first line', { kind: 'stall' }, /said nothing/],
    ['a redirect to a page', { kind: 'redirect', to: '/welcome' }, /redirects/],
  ];
  it.each(bad)('%s: the next one is tried, and the reason is kept', async (_, behaviour, reason) => {
    routes['/bad'] = behaviour;
    routes['/welcome'] = { kind: 'html' };
    // Long enough for the good one to speak up on a machine that is busy.
    const got = await fetchFrom(['bad', 'good'], { idleMs: 6000 });
    expect(got).toMatchObject({ mirror: 'good', commit });
    expect(got.failed).toHaveLength(1);
    expect(got.failed[0]?.reason).toMatch(reason);
  });

  it('a transfer that breaks off: the next one is tried', async () => {
    routes['/bad'] = { kind: 'git', repository: bare, dropAfter: 3000 };
    const got = await fetchFrom(['bad', 'good']);
    expect(got.failed[0]).toMatchObject({ outcome: 'broke-off' });
    expect(await treeId(dir)).toBe(tree);
  });

  it('a page from the only one is exit 5 and says so', async () => {
    routes['/bad'] = { kind: 'html' };
    const error = await failureIn(fetchFrom(['bad']));
    expect(error).toMatchObject({ code: 'mirror-answers-html', exitCode: 5 });
    expect(error.message).toContain(`${server.url}/bad`);
  });

  it('all of them: exit 5, each named with its reason', async () => {
    routes['/bad'] = { kind: 'html' };
    const error = await failureIn(fetchFrom(['bad', 'gone', 'http://127.0.0.1:1/x']));
    expect(error).toMatchObject({ code: 'no-usable-mirror', exitCode: 5 });
    expect(error.message).toMatch(/bad .*text\/html[^]*gone .*no such repository[^]*127\.0\.0\.1:1.*no connection/);
    expect(existsSync(dir)).toBe(false);
  });

  it('nobody there at all: exit 5 network-down', async () => {
    const error = await failureIn(fetchFrom(['http://127.0.0.1:1/a', 'http://no-such-host.invalid/b']));
    expect(error).toMatchObject({ code: 'network-down', exitCode: 5 });
    expect(error.message).toContain('does not resolve');
  });
});

describe('what comes is checked', () => {
  it.each(['full', 'files'] as const)('another commit under the tag is exit 4 with both ids (%s)', async (mode) => {
    routes['/evil'] = { kind: 'git', repository: otherBare };
    const error = await failureIn(fetchFrom(['evil'], { mode }));
    expect(error).toMatchObject({ code: 'wrong-commit', exitCode: 4 });
    expect(error.message).toContain(commit);
    expect(error.message).toContain(otherCommit);
    expect(existsSync(dir)).toBe(false);
  });

  it('a mirror with another commit under the tag is passed over, and said', async () => {
    routes['/evil'] = { kind: 'git', repository: otherBare };
    const failed: string[] = [];
    const fetched = await fetchFrom(['evil', 'good'], { onFailure: ({ reason }) => failed.push(reason) });
    expect(fetched.commit).toBe(commit);
    expect(fetched.url).toContain('/good');
    expect(failed).toEqual([`it hands out another commit as ${REF}: ${otherCommit} instead of ${commit}`]);
  });

  it('the table is the pin where no --commit is given', async () => {
    const error = await failureIn(fetchFrom(['good'], { commit: undefined }));
    expect(error).toMatchObject({ code: 'wrong-commit', exitCode: 4 });
    expect(error.message).toContain('459d0dfbbb51fb2423a43655e6c62368ec0f36c9');
  });

  it('a tampered object cannot pass: its id is not the one that the tree names', async () => {
    const tampered = join(base, 'tampered.git');
    execFileSync('cp', ['-r', bare, tampered]);
    const git = (...args: string[]) => execFileSync('git', ['-C', tampered, ...args], { encoding: 'utf8' }).trim();
    execFileSync(
      'bash',
      ['-c', 'mkdir un && mv objects/pack/*.pack un/ && rm -f objects/pack/* && cat un/*.pack | git unpack-objects -q'],
      { cwd: tampered },
    );
    const blob = git('rev-parse', 'HEAD:Dockerfile');
    const evil = execFileSync('git', ['-C', tampered, 'hash-object', '-w', '--stdin'], {
      input: 'FROM evil\n',
      encoding: 'utf8',
    }).trim();
    const file = (id: string) => join(tampered, 'objects', id.slice(0, 2), id.slice(2));
    rmSync(file(blob));
    execFileSync('cp', [file(evil), file(blob)]);
    routes['/tampered'] = { kind: 'git', repository: tampered };
    const got = await fetchFrom(['tampered', 'good']);
    expect(got.mirror).toBe('good');
    expect(readFileSync(join(dir, 'Dockerfile'), 'utf8')).not.toContain('evil');
  });

  it('a ref that nobody knows is exit 2, without a question to the network when no commit is pinned', async () => {
    const error = await failureIn(fetchFrom(['good'], { ref: 'v20.10.99', commit: undefined }));
    expect(error).toMatchObject({ code: 'unknown-ref', exitCode: 2 });
    expect(server.requests).toHaveLength(0);
    expect(await failureIn(fetchFrom(['good'], { ref: 'v20.10.99' }))).toMatchObject({
      code: 'unknown-ref',
      exitCode: 2,
    });
  });

  it('a branch works with --commit', async () => {
    expect((await fetchFrom(['good'], { ref: 'master' })).commit).toBe(commit);
  });
});
