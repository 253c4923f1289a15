import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contents, OlderBundle } from '../../../src/bundle/format/contents.ts';
import { locateFiles } from '../../../src/bundle/locate-files.ts';
import { openWholeBundles } from '../../../src/run/offline/open-bundles.ts';
import { listed, sha256, smallBundle, tarOf, type Files } from '../../support/make-bundle.ts';
import { BundleFolder } from './bundle-folder.ts';

/** A bundle that leaves the files of its image to an older one. */
const { contents, files } = smallBundle();
const isOlder = (path: string): boolean => path.startsWith('images/');
let folder: BundleFolder;
let older: string;
let newer: string;
beforeAll(async () => {
  folder = new BundleFolder();
  older = await folder.put('old.tar', listed(contents, files));
  newer = await folder.put('new.tar', listed(leaving(), own));
});
afterAll(() => {
  folder.remove();
});

const own = files.filter(([path]) => !isOlder(path));
const left = (): OlderBundle => ({
  name: 'old.tar',
  sha256: sha256(readFileSync(older)),
  files: files
    .filter(([path]) => isOlder(path))
    .map(([path, data]) => ({ path, bytes: data.length, sha256: sha256(data) })),
});
const leaving = (more: Partial<OlderBundle> = {}): Contents => ({ ...contents, since: [{ ...left(), ...more }] });

describe('a bundle that leaves files to an older one', () => {
  it('is whole by itself, and says what it needs', () => {
    const { status, stderr } = folder.run('verify', newer);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`It leaves 7 files to an older bundle, old.tar (SHA-256 ${left().sha256})`);
    expect(folder.run('ls', newer).stdout).toContain('It leaves 7 files to an older bundle, old.tar');
    expect(folder.run('diff', older, newer).stderr).toContain('2 objects are the same.');
  });

  it('is one with it, in whatever order they are named', async () => {
    for (const names of [
      [newer, older],
      [older, newer],
    ]) {
      const { status, stderr } = folder.run('verify', ...names);
      expect(status, stderr).toBe(0);
      expect(stderr).not.toContain('older bundle');
      const { joined, main, close } = await openWholeBundles(names);
      expect(main.file).toBe(newer);
      expect([...joined.files.keys()].filter((path) => path.includes('/')).sort()).toEqual(
        files.map(([path]) => path).sort(),
      );
      await close();
    }
  });

  it('names the one that is not given, and one that is another', async () => {
    const other = await folder.put('other.tar', listed({ ...contents, builds: [] }, files));
    await expect(openWholeBundles([newer])).rejects.toMatchObject({
      code: 'older-bundle',
      exitCode: 5,
      message: expect.stringContaining(`  old.tar, SHA-256 ${left().sha256} (7 files)`) as string,
    });
    await expect(openWholeBundles([newer, other])).rejects.toThrow('do not belong together');
    const served = folder.run('serve', newer);
    expect(served.stderr).toMatch(/next: moby-build bundle serve .*new\.tar .*old\.tar/u);
    expect(served.status).toBe(5);
  });

  it.each<readonly [string, () => Promise<Files>, RegExp]>([
    [
      'a file that it has itself',
      () => Promise.resolve(listed(leaving(), files)),
      /is in it, and left to an older bundle/u,
    ],
    [
      'a file of another size than its object says',
      () => Promise.resolve(listed(leaving({ files: left().files.map((file) => ({ ...file, bytes: 1 })) }), own)),
      /image golang:1\.17 has \d+ bytes, and bundle\.json says/u,
    ],
    [
      'a file to two bundles',
      () => Promise.resolve(listed({ ...leaving(), since: [left(), { ...left(), sha256: 'f'.repeat(64) }] }, own)),
      /is left to two older bundles/u,
    ],
    [
      'a path outside',
      () => {
        const text = (listed(leaving(), own)[0]?.[1].toString() ?? '').replaceAll('images/oci-layout', '../../etc/x');
        return Promise.resolve([['bundle.json', Buffer.from(text)], ...listed(leaving(), own).slice(1)]);
      },
      /is no path of a bundle/u,
    ],
  ])('is refused where it leaves %s: exit 5', async (_, make, words) => {
    const hostile = await folder.put('hostile.tar', await make());
    const { status, stderr } = folder.run('verify', hostile, older);
    expect(stderr).toMatch(words);
    expect(status).toBe(5);
  });

  it('is refused where the older one has other bytes there, though its name and digest are right', async () => {
    const lying = left().files.map((file) => ({ ...file, sha256: '0'.repeat(64) }));
    const hostile = await folder.put('lying.tar', listed(leaving({ files: lying }), own));
    const { status, stderr } = folder.run('verify', hostile, older);
    expect(stderr).toContain('images/oci-layout is not in old.tar as it should be');
    expect(status).toBe(5);
  });

  it('is refused where what the older one has is damaged; the file is named', async () => {
    const bytes = await tarOf(listed(contents, files));
    const at = bytes.lastIndexOf('imageLayoutVersion');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const damaged = join(folder.dir, 'damaged.tar');
    writeFileSync(damaged, bytes);
    const needing = await folder.put('needing.tar', listed(leaving({ sha256: sha256(bytes) }), own));
    const { status, stderr } = folder.run('verify', needing, damaged);
    expect(stderr).toContain('damaged.tar: images/oci-layout is damaged');
    expect(status).toBe(5);
  });
});

describe('the SHA-256 of a bundle', () => {
  it('is that of its bytes, whatever its name is', async () => {
    renameSync(older, `${older}.moved`);
    const located = await locateFiles(`${older}.moved`, () => undefined);
    await located.close();
    renameSync(`${older}.moved`, older);
    expect(located.sha256).toBe(sha256(readFileSync(older)));
  });
});
