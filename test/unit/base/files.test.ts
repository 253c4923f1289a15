import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decompressed, filesOfPackage } from '../../../src/base/files/archive-of-files.ts';
import { ownFiles } from '../../../src/base/files/own-files.ts';
import { rootTree } from '../../../src/base/files/root-tree.ts';
import { entryBlocks, readEntries, TAR_END, type FileEntry } from '../../../src/base/files/tar-entries.ts';
import { madeFile as file, makeDeb } from '../../support/make-archive.ts';

const folder = (path: string, about: Partial<FileEntry> = {}) =>
  file(path, { type: 'folder', mode: 0o755, data: Buffer.alloc(0), ...about });
const link = (path: string, to: string) => file(path, { type: 'link', mode: 0o777, link: to, data: Buffer.alloc(0) });
const tarOf = (entries: readonly FileEntry[]) =>
  Buffer.concat([...entries.flatMap((entry) => [...entryBlocks(entry)]), TAR_END]);
const LONG = `usr/share/${'deep/'.repeat(30)}${'n'.repeat(120)}`;

describe('a tar file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-test-'));
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('comes back as it was written, long names too, and tar reads it', () => {
    const entries = [
      folder('usr'),
      file('usr/a', { mode: 0o4755, data: Buffer.from('hello') }),
      file('usr/ü'),
      link('usr/b', 'a'),
      file('usr/c', { type: 'hard-link', link: 'usr/a', data: Buffer.alloc(0) }),
      file(LONG),
      link('usr/long', `/${LONG}`),
      file(`${'d'.repeat(90)}/${'e'.repeat(90)}`),
    ];
    const tar = tarOf(entries);
    const same = [...readEntries(tar)].map((entry) => ({ ...entry, data: Buffer.from(entry.data) }));
    expect(same).toEqual(entries.map((entry) => ({ ...entry, data: Buffer.from(entry.data) })));
    writeFileSync(join(dir, 'a.tar'), tar);
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: dir });
    expect(statSync(join(dir, LONG)).size).toBe(1);
    expect(readlinkSync(join(dir, 'usr/long'))).toBe(`/${LONG}`);
    expect(statSync(join(dir, 'usr/a')).ino).toBe(statSync(join(dir, 'usr/c')).ino);
  });

  it.each([
    ['that is cut', (tar: Buffer) => tar.subarray(0, 600)],
    ['with a header that is not its sum', (tar: Buffer) => Buffer.concat([Buffer.from('y'), tar.subarray(1)])],
    ['with a path that leads out', () => tarOf([file('../evil')])],
  ])('%s is refused', (_, change) => {
    expect(() => [...readEntries(change(tarOf([file('a', { data: Buffer.alloc(900) })])))]).toThrow(
      /list of files|leads out/u,
    );
  });
});

describe('a package', () => {
  it('has its files in data.tar', async () => {
    const found = [...readEntries(await filesOfPackage(makeDeb([file('usr/a')])))];
    expect(found.map(({ path }) => path)).toEqual(['usr/a']);
  });

  it.each([
    ['no archive', Buffer.from('PK')],
    ['a cut one', makeDeb([file('a')]).subarray(0, 150)],
  ])('is refused where it is %s', async (_, deb) => {
    await expect(filesOfPackage(deb)).rejects.toThrow(/no Debian package|files are missing/u);
  });
});

describe('a compressed file', () => {
  // printf hello | xz
  const XZ = '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAEaGVsbG8AAAAAsTe52+XaHpsAAR0FuC2Arx+2830BAAAAAARZWg==';

  it('is read by its name', async () => {
    expect((await decompressed('a.gz', gzipSync('hello'))).toString()).toBe('hello');
    expect((await decompressed('a.tar', Buffer.from('hello'))).toString()).toBe('hello');
    expect((await decompressed('a.xz', Buffer.from(XZ, 'base64'))).toString()).toBe('hello');
  });

  it.each([
    ['a.xz', Buffer.from(XZ, 'base64').subarray(0, 40)],
    ['a.gz', Buffer.from('hello')],
    ['a.zst', Buffer.from('hello')],
  ])('%s is refused where it is damaged or of another kind', async (name, data) => {
    await expect(decompressed(name, data)).rejects.toThrow(/damaged|not read/u);
  });
});

describe('the root of a system', () => {
  const paths = (tree: readonly FileEntry[]) =>
    tree.map(({ path, type, link: to }) => (type === 'link' ? `${path} -> ${to}` : path));

  it('has /bin, /sbin and /lib in /usr, whatever a package has', () => {
    const old = [
      folder('bin'),
      file('bin/sh'),
      folder('lib64'),
      link('lib64/ld.so', '../lib/ld.so'),
      file('lib/ld.so'),
    ];
    const today = [link('bin', 'usr/bin'), folder('usr/bin'), file('usr/bin/sh2')];
    expect(paths(rootTree([old, today], []))).toEqual([
      'bin -> usr/bin',
      'lib -> usr/lib',
      'lib64 -> usr/lib64',
      'usr',
      'usr/bin',
      'usr/bin/sh',
      'usr/bin/sh2',
      'usr/lib',
      'usr/lib/ld.so',
      'usr/lib64',
      'usr/lib64/ld.so -> ../lib/ld.so',
    ]);
  });

  it('keeps a link where another package has a folder, and puts links to files last', () => {
    const one = [
      file('a/x', { type: 'hard-link', link: 'bin/y', data: Buffer.alloc(0) }),
      file('bin/y'),
      link('var/run', '/run'),
    ];
    const tree = rootTree([one, [folder('var/run')]], []);
    expect(paths(tree)).toContain('var/run -> /run');
    expect(tree.at(-1)).toMatchObject({ path: 'a/x', link: 'usr/bin/y' });
  });
});

describe('the files that no package has', () => {
  const sources = 'deb http://a.example/debian bookworm main\ndeb http://a.example/debian bookworm-updates main\n';
  const of = (suite: string, names: readonly string[]) =>
    ownFiles({
      sources,
      facts: { suite },
      essential: names.map((name) => ({ name })),
    } as unknown as Parameters<typeof ownFiles>[0]);

  it.each([
    ['bullseye', 'etc/apt/sources.list', sources],
    [
      'bookworm',
      'etc/apt/sources.list.d/debian.sources',
      'Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n\nTypes: deb\nURIs: http://a.example/debian\nSuites: bookworm-updates\nComponents: main\n',
    ],
  ])('are sources in the form of %s', (suite, path, text) => {
    const found = of(suite, ['mawk']).find((each) => each.path === path);
    expect(Buffer.from(found?.data ?? []).toString()).toBe(text);
    expect(of(suite, ['mawk']).some((each) => each.path === 'usr/bin/awk')).toBe(true);
    expect(of(suite, ['gawk']).some((each) => each.path === 'usr/bin/awk')).toBe(false);
  });
});
