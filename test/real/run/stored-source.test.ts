import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cache } from '../../../src/commands/cache/cache.ts';
import { getSource } from '../../../src/run/source/get-source.ts';
import { begin } from '../../../src/run/begin.ts';
import { runChain } from '../../../src/run/stage/chain.ts';
import { CHECKING } from '../../../src/run/steps.ts';
import { seeProcess } from '../../../src/system/process/process-tree.ts';
import { present } from '../../../src/commands/present.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { makeBare, startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { Places } from '../store/repository.ts';
import { contextOf } from './run-context.ts';

const places = new Places();
const bare = places.next();
let commit = '';
beforeAll(() => {
  const made = materializeLightTree(places.next());
  commit = made.commit ?? '';
  makeBare(made.dir, bare);
});
afterAll(() => {
  places.remove();
});

let server: Awaited<ReturnType<typeof startGitServer>>;
let routes: Record<string, Behaviour>;
let workDir: string;
beforeEach(async () => {
  routes = { '/moby': { kind: 'git', repository: bare } };
  server = await startGitServer(routes);
  workDir = places.next();
  mkdirSync(workDir);
});
afterEach(async () => {
  await server.close();
});

/** What a build does first, into a work dir of its own. */
async function bring(name: string, more: readonly string[] = []) {
  const source = ['--source', `${server.url}/moby`, '--ref', 'v20.10.12', '--commit', commit];
  const { from, io, notes } = begin('build', await contextOf(workDir, ['build', ...source, ...more]));
  const checked = await runChain(CHECKING, from, io);
  const got = await getSource(checked, io, { dir: join(workDir, name, 'moby'), mode: 'full' }, 'build');
  return { ...got, notes };
}

async function runCache(action: string, ...more: readonly string[]) {
  const context = await contextOf(workDir, ['cache', action, ...more]);
  const report = await cache(context, action);
  expect(DOCUMENT_SCHEMAS.cache.safeParse(context.document).error).toBeUndefined();
  const style = {
    colours: createColours(false),
    columns: 80,
    verbose: false,
    quiet: false,
    language: 'en' as const,
    line: [],
  };
  return { report, document: context.document, said: present(report, { ...style, page: style }) };
}

const entryPath = () => join(workDir, 'store/git', `${commit}.git`);
const flip = (path: string) => {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(path, bytes);
};

describe('moby itself', () => {
  it('is fetched once for all work dirs', async () => {
    const first = await bring('v20.10.12-linux-amd64');
    expect(first.words).toBe('v20.10.12 through source');
    const asked = server.requests.length;
    const second = await bring('v20.10.12-linux-arm64');
    expect(second.words).toBe('v20.10.12 from the store');
    expect(server.requests).toHaveLength(asked);
    expect(second.source).toMatchObject({
      commit,
      clonedThrough: 'source',
      clonedFrom: `${server.url}/moby`,
      receivedBytes: 0,
    });
    expect(second.source.files).toEqual(first.source.files);
    expect(second.notes.map(({ code }) => code)).toEqual(['end-of-life', 'security-fixes']);
    expect((await bring('v20.10.12-linux-arm64')).words).toBe('v20.10.12, there already');
  });

  it('is fetched anew, and said, when what is stored was damaged', async () => {
    await bring('one');
    flip(join(entryPath(), 'refs/heads/main'));
    const { words, notes } = await bring('two');
    expect(words).toBe('v20.10.12 through source');
    expect(notes[0]).toMatchObject({ level: 'warning', code: 'store-damaged' });
    expect((await bring('three')).words).toBe('v20.10.12 from the store');
  });

  it('is not kept by what only looks at it', async () => {
    const line = ['patch', '--source', `${server.url}/moby`, '--ref', 'v20.10.12', '--commit', commit];
    const { from, io } = begin('patch', await contextOf(workDir, line));
    const checked = await runChain(CHECKING, from, io);
    await getSource(checked, io, { dir: places.next(), mode: 'files' }, 'patch');
    expect(existsSync(join(workDir, 'store'))).toBe(false);
  });
});

describe('moby-build cache', () => {
  it('lists nothing, checks nothing and removes nothing where nothing is', async () => {
    for (const action of ['ls', 'verify', 'prune']) {
      const { said } = await runCache(action, ...(action === 'prune' ? ['--yes'] : []));
      expect(said.exitCode).toBe(0);
      expect(said.stderr + (said.closing ?? '')).toContain('is empty');
    }
    expect(readdirSync(workDir)).not.toContain('git');
  });

  it('lists what is there', async () => {
    await bring('one');
    const { said, document } = await runCache('ls');
    expect(said.stdout).toContain('v20.10.12');
    expect(said.stdout).toContain(commit.slice(0, 12));
    expect(document).toMatchObject({
      entries: [{ commit, upstream: `${server.url}/moby`, mirror: 'source', history: 'commit' }],
    });
  });

  it('verifies every entry, and moves what is damaged away with exit 1', async () => {
    await bring('one');
    expect((await runCache('verify')).said).toMatchObject({
      exitCode: 0,
      stderr: '1 stored source is undamaged.\n',
    });
    flip(join(entryPath(), 'moby-build.json'));
    const { said, document } = await runCache('verify');
    expect(said).toMatchObject({ exitCode: 1, error: { code: 'store-damaged' } });
    // JSON has the error as a member; people have to be told too.
    for (const words of ['1 of 1 stored sources', 'moby-build.json', 'next: moby-build cache prune'])
      expect(said.stderr).toContain(words);
    expect(document).toMatchObject({ entries: [{ faults: [expect.stringContaining('moby-build.json')] }] });
    expect(existsSync(entryPath())).toBe(false);
  });

  it('prunes only with --yes, only what is old enough, and damaged ones always', async () => {
    await bring('one');
    expect((await runCache('prune')).said.stderr).toContain('Nothing was removed');
    expect(existsSync(entryPath())).toBe(true);
    mkdirSync(join(workDir, 'store/damaged/x'), { recursive: true });
    const runs = join(workDir, 'store/runs');
    for (const name of readdirSync(runs)) writeFileSync(join(runs, name), '{"pid":2147483646,"start":"1"}');
    await runCache('prune', '--older-than', '1', '--yes');
    expect(existsSync(entryPath())).toBe(true);
    expect(readdirSync(join(workDir, 'store/damaged'))).toEqual([]);
    const old = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    utimesSync(join(entryPath(), 'moby-build.json'), old, old);
    writeFileSync(join(workDir, 'store/in-use'), '{"pid":2147483646,"start":"1"}');
    const { said } = await runCache('prune', '--older-than', '1', '--yes');
    expect(said.stderr).toContain('freed');
    expect(existsSync(entryPath())).toBe(false);
  });

  it('tells of the parts of base images, and removes those that are old', async () => {
    const parts = join(workDir, 'store/base/apt/pool');
    mkdirSync(parts, { recursive: true });
    for (const name of ['old.deb', 'new.deb']) writeFileSync(join(parts, name), 'x'.repeat(1000));
    const old = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    utimesSync(join(parts, 'old.deb'), old, old);
    expect((await runCache('ls')).said.closing).toContain('2 parts of base images (--base debian): 2.0 kB');
    const { said } = await runCache('prune', '--older-than', '1');
    expect(said.stderr).toContain('1 part of base images (--base debian): 1.0 kB');
    expect(readdirSync(parts).sort()).toEqual(['new.deb', 'old.deb']);
    await runCache('prune', '--older-than', '1', '--yes');
    expect(readdirSync(parts)).toEqual(['new.deb']);
  });

  it('does not remove what a run reads, and no run reads while it removes', async () => {
    await bring('one');
    const start = seeProcess(process.ppid)?.start ?? '';
    const parent = JSON.stringify({ pid: process.ppid, start });
    writeFileSync(join(workDir, 'store/runs/other.lock'), parent);
    await expect(runCache('prune', '--yes')).rejects.toMatchObject({ code: 'store-busy', exitCode: 3 });
    expect(existsSync(entryPath())).toBe(true);
    writeFileSync(join(workDir, 'store/in-use'), parent);
    await expect(bring('two')).rejects.toMatchObject({ code: 'store-busy', exitCode: 3 });
  });

  it('takes a number of days and nothing else', async () => {
    await expect(contextOf(workDir, ['cache', 'prune', '--older-than', 'soon'])).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(contextOf(workDir, ['cache', 'prune', '--older-than', '-1'])).rejects.toMatchObject({ code: 'usage' });
    await expect(contextOf(workDir, ['cache', 'shrink'])).rejects.toMatchObject({ code: 'usage' });
  });
});
