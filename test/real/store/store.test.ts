import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addEntry, findEntry, listEntries, listRemains, type NewEntry } from '../../../src/store/store.ts';
import { listFiles, RECORD_NAME } from '../../../src/store/entry-files.ts';
import { parseRecord, recordText } from '../../../src/store/record.ts';
import { git, makeUpstream, Places } from './repository.ts';

const places = new Places();
/** What lies in memory is a file system of its own. */
const OTHER_DISK = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(places.base).dev;
afterAll(() => {
  places.remove();
});
const upstream = makeUpstream(places.next());
const { tagged } = upstream;
const wish: NewEntry = {
  commit: tagged,
  upstream: 'https://git.example/opencontainers/runc.git',
  tags: ['v1.0.2'],
  history: 'commit',
  mirror: 'a',
  url: 'https://mirror.example/opencontainers/runc',
  receivedBytes: 1234,
};
const root = places.next();
const entry = await addEntry(root, upstream.dir, wish);

/** A store of its own that holds what `root` holds. */
function copyOfStore(): string {
  const copy = places.next();
  cpSync(root, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

const pathIn = (store: string) => join(store, 'git', `${tagged}.git`);

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('an entry', () => {
  it.skipIf(!OTHER_DISK)(
    'is the same where the repository lies on another file system, and in a folder with a colon',
    async () => {
      const there = mkdtempSync('/dev/shm/store:');
      try {
        expect((await addEntry(there, upstream.dir, wish)).record.files).toEqual(entry.record.files);
        cpSync(upstream.dir, join(there, 'upstream'), { recursive: true });
        const back = await addEntry(places.next(), join(there, 'upstream'), wish);
        expect(back.record.files).toEqual(entry.record.files);
      } finally {
        rmSync(there, { recursive: true, force: true });
      }
    },
  );

  it('is a repository that git clones, with the tag and without the history', () => {
    const clone = places.next();
    git(places.base, 'clone', '--quiet', entry.dir, clone);
    expect(git(clone, 'rev-parse', 'HEAD')).toBe(tagged);
    expect(git(clone, 'describe', '--dirty', '--long', '--always')).toMatch(/^v1\.0\.2-0-g/u);
    expect(git(clone, 'log', '--format=%H')).toBe(tagged);
    expect(git(clone, 'tag')).toBe('v1.0.2');
  });

  it('holds all history and says how far a tag is where that was asked for', async () => {
    const store = places.next();
    const { later } = upstream;
    const full = await addEntry(store, upstream.dir, {
      ...wish,
      commit: later,
      tags: ['v1.0.0', 'v1.0.2'],
      history: 'full',
    });
    const clone = places.next();
    git(places.base, 'clone', '--quiet', full.dir, clone);
    expect(git(clone, 'describe')).toBe(git(upstream.dir, 'describe', later));
    expect(git(clone, 'describe')).toMatch(/^v1\.0\.2-1-g/u);
  });

  it('has the same bytes whoever served it', async () => {
    const served = places.next();
    git(places.base, 'clone', '--quiet', '--depth=1', '--branch=v1.0.2', `file://${upstream.dir}`, served);
    const other = await addEntry(places.next(), served, { ...wish, mirror: 'b' });
    expect(await listFiles(other.dir)).toEqual(await listFiles(entry.dir));
    expect(other.record.files).toEqual(entry.record.files);
  });

  it('with settings that are not ours is damaged, whatever its record says, and none of them is obeyed', async () => {
    const store = copyOfStore();
    const dir = pathIn(store);
    const ran = join(places.next(), 'ran');
    const config = join(dir, 'config');
    writeFileSync(
      config,
      `${readFileSync(config, 'utf8')}[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n\turl = ${dir}\n\tuploadpack = touch ${ran};git-upload-pack\n`,
    );
    writeFileSync(join(dir, RECORD_NAME), recordText({ ...entry.record, files: await listFiles(dir) }));
    expect(await findEntry(store, tagged)).toMatchObject({
      state: 'damaged',
      faults: ['config is not what it should be'],
    });
    expect(existsSync(ran)).toBe(false);
  });

  it('is found again as it was put', async () => {
    expect(await findEntry(root, tagged)).toEqual({ state: 'found', entry });
    expect(await findEntry(root, upstream.later)).toEqual({ state: 'missing' });
    expect(await findEntry(join(root, 'nowhere'), tagged)).toEqual({ state: 'missing' });
  });

  it('is listed with its size and when it was used last', async () => {
    const store = copyOfStore();
    const long = new Date('2026-01-02T03:04:05Z');
    utimesSync(join(pathIn(store), 'moby-build.json'), long, long);
    const [listed, ...more] = await listEntries(store);
    expect(more).toEqual([]);
    expect(listed).toMatchObject({ commit: tagged, record: entry.record, used: long });
    expect(listed?.bytes).toBe(entry.record.files.reduce((sum, { bytes }) => sum + bytes, 0));
    await findEntry(store, tagged);
    expect((await listEntries(store))[0]?.used?.getTime()).toBeGreaterThan(long.getTime());
  });

  it('that another run moves away while all are listed is left out', async () => {
    const store = copyOfStore();
    symlinkSync('nowhere', join(store, 'git', `${'a'.repeat(40)}.git`));
    expect((await listEntries(store)).map(({ commit }) => commit)).toEqual([tagged]);
  });

  it('is put once when two put it at once', async () => {
    const store = places.next();
    const both = await Promise.all([addEntry(store, upstream.dir, wish), addEntry(store, upstream.dir, wish)]);
    expect(both.map(({ dir }) => dir)).toEqual([pathIn(store), pathIn(store)]);
    expect(await findEntry(store, tagged)).toMatchObject({ state: 'found' });
    expect(await listRemains(store)).toEqual([]);
  });

  it('is not put when the commit is not there', async () => {
    const store = places.next();
    await expect(addEntry(store, upstream.dir, { ...wish, commit: 'a'.repeat(40), tags: [] })).rejects.toThrow();
    expect(await listEntries(store)).toEqual([]);
    expect(await listRemains(store)).toEqual([]);
  });
});

describe('damage', () => {
  const files = [...entry.record.files.map(({ path }) => path), 'moby-build.json'];

  it.each(files)('a flipped bit in %s is found, and the entry is moved away', async (path) => {
    const size = readFileSync(join(entry.dir, path)).length;
    for (const at of [0, size >> 1, size - 1]) {
      const store = copyOfStore();
      flipBit(join(pathIn(store), path), at);
      const found = await findEntry(store, tagged);
      expect(found).toMatchObject({ state: 'damaged', faults: [expect.stringContaining(path)] });
      expect(existsSync(pathIn(store))).toBe(false);
      expect(await listRemains(store)).toEqual(found.state === 'damaged' ? [found.to] : []);
      expect(await findEntry(store, tagged)).toEqual({ state: 'missing' });
    }
  });

  it('a file that is missing, one that is new, and an entry under another name are found', async () => {
    const [missing, more, moved] = [copyOfStore(), copyOfStore(), copyOfStore()];
    rmSync(join(pathIn(missing), 'refs/tags/v1.0.2'));
    expect(await findEntry(missing, tagged)).toMatchObject({ faults: ['refs/tags/v1.0.2 is missing'] });
    writeFileSync(join(pathIn(more), 'hooks'), '');
    expect(await findEntry(more, tagged)).toMatchObject({ faults: ['hooks is no part of it'] });
    cpSync(pathIn(moved), join(moved, 'git', `${upstream.later}.git`), { recursive: true });
    expect(await findEntry(moved, upstream.later)).toMatchObject({ faults: [`it holds ${tagged}`] });
  });

  it('a pack with a record that was made to fit it is found by the ids of its objects', async () => {
    const store = copyOfStore();
    const dir = pathIn(store);
    const pack = readdirSync(join(dir, 'objects/pack')).find((name) => name.endsWith('.pack')) ?? '';
    flipBit(join(dir, 'objects/pack', pack), 40);
    const record = parseRecord(readFileSync(join(dir, 'moby-build.json'), 'utf8'));
    if (record === null) throw new Error('no record');
    writeFileSync(join(dir, 'moby-build.json'), recordText({ ...record, files: await listFiles(dir) }));
    expect(await findEntry(store, tagged)).toMatchObject({ state: 'damaged' });
  });

  it('another commit under the right name is found', async () => {
    const store = copyOfStore();
    const dir = pathIn(store);
    writeFileSync(join(dir, 'refs/heads/main'), `${upstream.later}\n`);
    writeFileSync(join(dir, 'moby-build.json'), recordText({ ...entry.record, files: await listFiles(dir) }));
    expect(await findEntry(store, tagged)).toMatchObject({
      faults: expect.arrayContaining([`refs/heads/main is not ${tagged}`]) as string[],
    });
  });
});
