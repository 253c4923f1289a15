import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchSource } from '../../../src/source/fetch.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { treeId } from '../../../src/system/files/tree-id.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';

const REF = 'v20.10.12';
const access = new GitAccess({ env: process.env });
const base = mkdtempSync(join(tmpdir(), 'fetch-resumed-'));
const bare = join(base, 'moby.git');
let commit = '';
let tree = '';
let server: Awaited<ReturnType<typeof startGitServer>>;
let dir: string;

beforeAll(() => {
  const made = materializeLightTree(join(base, 'light'));
  commit = made.commit ?? '';
  tree = execFileSync('git', ['-C', made.dir, 'rev-parse', 'HEAD^{tree}'], { encoding: 'utf8' }).trim();
  makeBare(made.dir, bare);
});
afterAll(() => {
  runCleanups();
  rmSync(base, { recursive: true, force: true });
});
beforeEach(async () => {
  server = await startGitServer({ '/good': { kind: 'git', repository: bare } });
  dir = join(mkdtempSync(join(base, 'work-')), 'source');
});
afterEach(async () => {
  await server.close();
});

const fetchGood = () =>
  fetchSource({
    ref: REF,
    commit,
    candidates: [{ mirror: 'good', url: `${server.url}/good` }],
    dir,
    mode: 'full',
    access,
  });

const packs = () => server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('git-upload-pack'));

describe('after a kill', () => {
  it('a commit that had arrived is not fetched twice', async () => {
    await fetchGood();
    const before = packs().length;
    // As a kill between fetch and checkout leaves it: the repository under its passing name, no record, half a work tree.
    const part = join(dir, '..', `.${REF}-full.part`);
    execFileSync('mv', [dir, part]);
    rmSync(join(part, '.git/moby-build.json'));
    rmSync(join(part, 'hack'), { recursive: true });
    writeFileSync(join(part, '.git/index.lock'), '');
    writeFileSync(join(part, '.git/shallow.lock'), '');
    await fetchGood();
    expect(packs()).toHaveLength(before);
    expect(await treeId(dir)).toBe(tree);
  });

  it('the mirror that served it then is the one that is told of, and nobody is measured or asked', async () => {
    await fetchGood();
    const asked = server.requests.length;
    const part = join(dir, '..', `.${REF}-full.part`);
    execFileSync('mv', [dir, part]);
    rmSync(join(part, '.git/moby-build.json'));
    const candidates = () => Promise.reject(new Error('it has come already'));
    const got = await fetchSource({ ref: REF, commit, candidates, dir, mode: 'full', access });
    expect(got).toMatchObject({ mirror: 'good', url: `${server.url}/good`, reused: false, receivedBytes: 0 });
    expect(server.requests).toHaveLength(asked);
    expect(await treeId(dir)).toBe(tree);
  });

  it.each(['refs/moby-build/incoming', 'refs/tags/v20.10.12'])(
    'the lock of %s that a killed git left holds nobody up',
    async (name) => {
      await fetchGood();
      const part = join(dir, '..', `.${REF}-full.part`);
      execFileSync('mv', [dir, part]);
      rmSync(join(part, '.git/moby-build.json'));
      rmSync(join(part, '.git/refs/moby-build/incoming'));
      writeFileSync(join(part, `.git/${name}.lock`), '');
      expect((await fetchGood()).failed).toEqual([]);
      expect(await treeId(dir)).toBe(tree);
    },
  );

  it('rubbish in the place of the repository is begun anew', async () => {
    const part = join(dir, '..', `.${REF}-full.part`);
    mkdirSync(join(part, '.git/refs/moby-build'), { recursive: true });
    writeFileSync(join(part, '.git/refs/moby-build/incoming'), `${commit}\n`);
    writeFileSync(join(part, '.git/HEAD'), '');
    await fetchGood();
    expect(await treeId(dir)).toBe(tree);
  });
});
