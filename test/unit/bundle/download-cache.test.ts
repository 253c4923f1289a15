import { describe, expect, it } from 'vitest';
import {
  listsOf,
  readDownloadCache,
  recordOf,
  sumsOfRecord,
  wholeTool,
} from '../../../src/bundle/modules/download-cache.ts';

const AT = 'github.com/!burnt!sushi/toml/@v';

describe('the folder into which go downloads', () => {
  it('is sorted into modules, with their own names', () => {
    const files = [`${AT}/v1.0.0.zip`, `${AT}/v1.0.0.mod`, `${AT}/v1.0.0.info`, `${AT}/v0.9.0.mod`];
    expect(readDownloadCache(files).modules).toEqual([
      { path: 'github.com/BurntSushi/toml', version: 'v0.9.0', files: [`${AT}/v0.9.0.mod`], hasZip: false },
      {
        ...{ path: 'github.com/BurntSushi/toml', version: 'v1.0.0', hasZip: true },
        files: [`${AT}/v1.0.0.info`, `${AT}/v1.0.0.mod`, `${AT}/v1.0.0.zip`],
      },
    ]);
  });

  it.each([
    ['locks', `${AT}/v1.0.0.lock`],
    ['what is on its way', `${AT}/v1.0.0.zip1234.tmp`],
    ['lists of versions', `${AT}/list`],
    ['sums of zips', `${AT}/v1.0.0.ziphash`],
    ['answers about a version alone', `${AT}/v1.0.0.info`],
    ['the state of a database', 'sumdb/sum.example.org/latest'],
  ])('leaves out %s', (_, file) => {
    expect(readDownloadCache([file])).toEqual({ modules: [], databases: new Map() });
  });

  it('keeps records and tiles of each database', () => {
    const record = recordOf('sum.example.org', 'a.example/!b', 'v1.0.0');
    const tile = 'sumdb/sum.example.org/tile/8/0/x001/234.p/5';
    expect(record).toBe('sumdb/sum.example.org/lookup/a.example/!b@v1.0.0');
    expect(readDownloadCache([tile, record]).databases).toEqual(new Map([['sum.example.org', [record, tile]]]));
  });
});

describe('the list of versions of a module', () => {
  const listsFor = (...files: readonly string[]) =>
    [...listsOf(readDownloadCache(files).modules)].map(([{ version }, { file, text }]) => [version, file, text]);

  it('has those that a proxy of these files can tell of, and belongs to one of them', () => {
    const files = ['v0.9.0.mod', 'v1.0.0.info', 'v1.0.0.mod', 'v1.0.0.zip', 'v1.2.0.info', 'v1.2.0.mod'];
    expect(listsFor(...files.map((name) => `${AT}/${name}`))).toEqual([['v1.2.0', `${AT}/list`, 'v1.0.0\nv1.2.0\n']]);
  });

  it.each(['v0.0.0-20191109021931-daa7c04131f5', 'v1.2.4-0.20191109021931-daa7c04131f5'])(
    'is empty where %s is all',
    (version) => {
      const files = ['info', 'mod'].map((ending) => `a.example/b/@v/${version}.${ending}`);
      expect(listsFor(...files)).toEqual([[version, 'a.example/b/@v/list', '']]);
    },
  );
});

describe('a record of a checksum database', () => {
  it('names the sums of the zip and of the go.mod', () => {
    const record =
      '12\na.example/b v1.0.0 h1:zip=\na.example/b v1.0.0/go.mod h1:mod=\n\ngo.sum database tree\n12\nh=\n\n— key sig\n';
    const sums = [
      ['v1.0.0', 'h1:zip='],
      ['v1.0.0/go.mod', 'h1:mod='],
    ] as const;
    expect(sumsOfRecord(record)).toEqual(new Map(sums));
    expect(sumsOfRecord('<html>')).toEqual(new Map());
  });
});

describe('a tool whose path ends with a variable', () => {
  it.each([
    ['a.example/b/cmd/c@v1.0.0', 'a.example/b/cmd/c@v1.0.0'],
    ['a.example/b/cmd/${f}@v1.0.0', 'a.example/b/cmd/...@v1.0.0'],
    ['a.example/b/cmd/x-$f@v1.0.0', 'a.example/b/cmd/...@v1.0.0'],
  ])('%s is loaded as %s', (tool, whole) => {
    expect(wholeTool(tool)).toBe(whole);
  });
});
