import { describe, expect, it } from 'vitest';
import { readContents, verifyBundle } from '../../../src/bundle/check/verify.ts';
import { readTar } from '../../../src/bundle/format/read-tar.ts';
import type { BundleObject } from '../../../src/bundle/format/contents.ts';
import { COMMIT, inChunks, listed, sha256, smallBundle, tarOf, type Files } from '../../support/make-bundle.ts';

const { contents, files } = smallBundle();
const whole = listed(contents, files);
const verify = async (bytes: Uint8Array, size?: number) =>
  verifyBundle(readTar(inChunks(bytes, size)), () => undefined);
const faultsOf = async (all: Files): Promise<readonly string[]> => (await verify(await tarOf(all))).faults;
const HEAD = `git/${COMMIT}.git/HEAD`;
const PACK = `git/${COMMIT}.git/objects/pack/pack-1.pack`;
const LAYER = files.find(([path, data]) => path.includes('blobs') && data[0] === 0x1f)?.[0] ?? '';
const without = (path: string, from = whole): Files => from.filter(([name]) => name !== path);
const withBytes = (path: string, bytes: Buffer, from = whole): Files =>
  from.map(([name, data]) => [name, name === path ? bytes : data] as const);
const withObject = (at: number, more: Partial<BundleObject>): Files =>
  listed(
    { ...contents, objects: contents.objects.map((each, index) => (index === at ? { ...each, ...more } : each)) },
    files,
  );

describe('a whole bundle', () => {
  it.each([1, 511, 512, 513, 1 << 20])('read in pieces of %i bytes has no fault', async (size) => {
    const bytes = await tarOf(whole);
    const { faults, files: count, bytes: sum } = await verify(bytes, size);
    expect(faults).toEqual([]);
    expect(count).toBe(whole.length);
    expect(sum).toBe(whole.reduce((total, [, data]) => total + data.length, 0));
  });

  it('has the same bytes each time', async () => {
    expect(sha256(await tarOf(whole))).toBe(sha256(await tarOf(listed(smallBundle().contents, smallBundle().files))));
  });

  it('tells its contents after its first file, and no more is read', async () => {
    const bytes = await tarOf(whole);
    const first = bytes.subarray(0, 512 + Math.ceil((whole[0]?.[1].length ?? 0) / 512) * 512);
    expect(await readContents(readTar(inChunks(first)))).toEqual(contents);
  });
});

describe('each file of a bundle', () => {
  it.each(whole.slice(2).map(([path]) => [path]))('%s: missing, it is named', async (path) => {
    expect(await faultsOf(without(path))).toContainEqual(expect.stringContaining(`${path} is missing`));
  });

  it.each(whole.slice(2).map(([path]) => [path]))('%s: damaged, it is named', async (path) => {
    const data = Buffer.from(whole.find(([name]) => name === path)?.[1] ?? '');
    data[0] = (data[0] ?? 0) ^ 1;
    expect(await faultsOf(withBytes(path, data))).toContainEqual(expect.stringMatching(`^${path} is damaged`));
  });
});

describe('faults that do not show in one file alone', () => {
  it.each<readonly [string, () => Files, readonly (string | RegExp)[]]>([
    [
      'a list that was changed after it was summed',
      () => withBytes('bundle.json', Buffer.from(`${whole[0]?.[1].toString() ?? ''} `)),
      [/^bundle.json is damaged/],
    ],
    [
      'a list without a checksum of itself',
      () => {
        const sums = Buffer.from((whole[1]?.[1].toString() ?? '').replace(/^.*bundle\.json\n/mu, ''));
        return withBytes('SHA256SUMS', sums);
      },
      ['bundle.json is not listed in SHA256SUMS'],
    ],
    [
      'a size that is not that of the files',
      () => withObject(0, { bytes: 3 }),
      [/^git moby\/moby has 1521 bytes, and bundle.json says 3$/],
    ],
    ['a file of no object', () => withObject(0, { files: [HEAD], bytes: 21 }), [`${PACK} belongs to no object`]],
    [
      'a file of another kind',
      () => withObject(0, { files: [HEAD, PACK, 'images/oci-layout'], bytes: 1551 }),
      [/images\/oci-layout is not in git\/a+\.git\//],
    ],
    [
      'a commit whose files lie under another',
      () => withObject(0, { digest: `git:${'c'.repeat(40)}` }),
      [/HEAD is not in git\/c+/, /pack is not in/],
    ],
    [
      'an object that comes twice',
      () => {
        const [first] = contents.objects;
        return listed({ ...contents, objects: [...contents.objects, ...(first === undefined ? [] : [first])] }, files);
      },
      [/^bundle.json: git moby\/moby git:a+ comes twice$/],
    ],
    [
      'an image without its manifest',
      () => withObject(1, { digest: `sha256:${'d'.repeat(64)}` }),
      [/^image golang:1.17: its manifest sha256:d+ is missing or no manifest$/],
    ],
    [
      'an image whose digest is that of a layer',
      () => withObject(1, { digest: `sha256:${LAYER.slice(-64)}` }),
      [/is missing or no manifest/],
    ],
    [
      'an image whose layer nobody lists',
      () => {
        const fewer = files.filter(([path]) => path !== LAYER);
        const [git, image] = contents.objects;
        if (git === undefined || image === undefined) throw new Error('two objects');
        const rest = image.files.filter((path) => path !== LAYER);
        return listed({ ...contents, objects: [git, { ...image, files: rest, bytes: image.bytes - 5 }] }, fewer);
      },
      [`image golang:1.17: sha256:${LAYER.slice(-64)} is missing`],
    ],
  ])('%s', async (_, make, faults) => {
    const found = await faultsOf(make());
    expect(found).toHaveLength(faults.length);
    for (const [index, fault] of faults.entries())
      expect(found[index]).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });

  it('a blob that is not what its name says, though its checksum is listed', async () => {
    const wrong = files.map(([path, data]) => [path, path === LAYER ? Buffer.from([9, 9, 9, 9, 9]) : data] as const);
    expect(await faultsOf(listed(contents, wrong))).toEqual([
      expect.stringMatching(`^${LAYER} is not what its name says`),
    ]);
  });
});

describe('what is no bundle', () => {
  const swapped = [...whole.slice(0, 2), ...whole.slice(2).reverse()];
  it.each<readonly [string, () => Promise<Uint8Array>, RegExp]>([
    ['an empty file', async () => Promise.resolve(new Uint8Array(0)), /cut before the header/],
    ['text', async () => Promise.resolve(Buffer.from('hello '.repeat(200))), /is no tar file/],
    ['a tar file of other things', async () => tarOf(files), /has git\/\S+ where bundle.json belongs/],
    ['one without checksums', async () => tarOf(without('SHA256SUMS')), /where SHA256SUMS belongs/],
    ['an archive of nothing', async () => tarOf([]), /has nothing where bundle.json belongs/],
    ['a name twice', async () => tarOf([...whole, ...whole.slice(-1)]), /images\/oci-layout is in it twice/],
    ['a second list', async () => tarOf([...whole, ...whole.slice(0, 1)]), /bundle.json is in it twice/],
    ['files out of order', async () => tarOf(swapped), /the files are not sorted/],
    [
      'a second archive behind it',
      async () => Buffer.concat([await tarOf(whole), await tarOf(whole)]),
      /more after its end/,
    ],
    ['bytes behind it', async () => Buffer.concat([await tarOf(whole), Buffer.alloc(1)]), /more after its end/],
    ['a list that is no JSON', async () => tarOf(withBytes('bundle.json', Buffer.from('{'))), /bundle.json is no JSON/],
    [
      'a list of a later version',
      async () => tarOf(withBytes('bundle.json', Buffer.from('{"version":2}'))),
      /bundle.json is not valid: /,
    ],
    [
      'sums of another form',
      async () => tarOf(withBytes('SHA256SUMS', Buffer.from('x\n'))),
      /line 1 of SHA256SUMS is no checksum/,
    ],
    [
      'sums of a path outside',
      async () => tarOf(withBytes('SHA256SUMS', Buffer.from(`${'0'.repeat(64)}  ../x\n`))),
      /leads out of the bundle/,
    ],
    [
      'sums without an end',
      async () => tarOf(withBytes('SHA256SUMS', Buffer.from('x'))),
      /does not end with a line break/,
    ],
  ])('%s', async (_, make, message) => {
    await expect(verify(await make())).rejects.toThrow(message);
  });

  it('a file that is cut, wherever it is', async () => {
    const bytes = await tarOf(whole);
    for (let length = 0; length < bytes.length; length += 211)
      await expect(verify(bytes.subarray(0, length)), String(length)).rejects.toThrow(/^it is cut /u);
    await expect(verify(bytes.subarray(0, -1))).rejects.toThrow('it is cut before its end');
  });

  it('a list whose header says that it is huge: not read into memory', async () => {
    const { encodeHeader } = await import('../../../src/bundle/format/header.ts');
    const huge = encodeHeader({ path: 'bundle.json', bytes: 8 ** 11 - 1 });
    await expect(verify(huge)).rejects.toThrow(/bundle.json has 8589934591 bytes, far too many/);
  });

  it('text that would change a terminal', async () => {
    const text = JSON.stringify(contents).replace('golang:1.17', 'golang\\u001b[2J');
    await expect(verify(await tarOf(withBytes('bundle.json', Buffer.from(text))))).rejects.toThrow(
      /holds a control character/,
    );
  });
});
