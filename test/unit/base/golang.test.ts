import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { recordedSums, type ReadDatabase } from '../../../src/base/golang/checksum-database.ts';
import { TOOLCHAIN, toolchainFiles, toolchainVersion, zipSum } from '../../../src/base/golang/toolchain.ts';
import { zipHash } from '../../../src/mirrors/served/module-hash.ts';

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.from([1]), left, right);

/** RFC 6962, section 2.1. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0] ?? Buffer.alloc(0);
  const half = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return node(treeHash(hashes.slice(0, half)), treeHash(hashes.slice(half)));
}

/** A database of so many records, made anew, and a reader of it whose answers a test may change. */
function makeDatabase(size: number, change: (path: string, data: Buffer) => Buffer | null = (_path, data) => data) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const record = (index: number): Buffer =>
    Buffer.from(
      `example.org/m${String(index)} v1.0.0 h1:sum${String(index)}=\nexample.org/m${String(index)} v1.0.0/go.mod h1:mod=\n`,
    );
  const leaves = Array.from({ length: size }, (_, index) => sha256(Buffer.from([0]), record(index)));
  const text = `go.sum database tree\n${String(size)}\n${treeHash(leaves).toString('base64')}\n`;
  const half = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const signature = Buffer.concat([Buffer.from('01020304', 'hex'), sign(null, Buffer.from(text), privateKey)]);
  const note = `${text}\n— sums.example ${signature.toString('base64')}\n`;
  const levels = [leaves];
  while ((levels.at(-1) ?? []).length >= 256) {
    const below = levels.at(-1) ?? [];
    levels.push(
      Array.from({ length: Math.floor(below.length / 256) }, (_, at) =>
        treeHash(below.slice(at * 256, at * 256 + 256)),
      ),
    );
  }
  const asked: string[] = [];
  const answer = (path: string): Buffer | null => {
    const [, module = ''] = /^lookup\/example\.org\/m(\d+)@v1\.0\.0$/u.exec(path) ?? [];
    if (module !== '')
      return Number(module) < size ? Buffer.from(`${module}\n${record(Number(module)).toString()}\n${note}`) : null;
    const [, level = '', index = '', width = '256'] = /^tile\/8\/(\d)\/(.+?)(?:\.p\/(\d+))?$/u.exec(path) ?? [];
    const start = Number(index.replaceAll(/[x/]/gu, '')) * 256;
    const hashes = levels[Number(level)]?.slice(start, start + Number(width)) ?? [];
    return hashes.length === Number(width) ? Buffer.concat(hashes) : null;
  };
  const read: ReadDatabase = (path) => {
    asked.push(path);
    const data = answer(path);
    return Promise.resolve(data === null ? null : change(path, data));
  };
  const key = { name: 'sums.example', key: `01020304+${Buffer.concat([Buffer.from([1]), half]).toString('base64')}` };
  return { read, key, asked };
}

describe('the checksum database', () => {
  it.each([
    [1, 0],
    [7, 6],
    [256, 3],
    [257, 256],
    [300, 12],
    [300, 299],
    [1000, 511],
    [65_900, 65_899],
  ])('of %i records proves record %i', async (size, index) => {
    const { read, key } = makeDatabase(size);
    const sums = await recordedSums(`example.org/m${String(index)}@v1.0.0`, read, key);
    expect(sums).toEqual(
      new Map([
        ['v1.0.0', `h1:sum${String(index)}=`],
        ['v1.0.0/go.mod', 'h1:mod='],
      ]),
    );
  });

  it.each([
    [
      'a record that it does not have',
      (path: string, data: Buffer) =>
        path.startsWith('lookup') ? Buffer.from(data.toString().replace('h1:sum12=', 'h1:evil=')) : data,
    ],
    [
      'a record under another number',
      (path: string, data: Buffer) =>
        path.startsWith('lookup') ? Buffer.from(data.toString().replace('12\n', '13\n')) : data,
    ],
    [
      'a number beyond it',
      (path: string, data: Buffer) =>
        path.startsWith('lookup') ? Buffer.from(data.toString().replace('12\n', '999\n')) : data,
    ],
    [
      'another head',
      (path: string, data: Buffer) =>
        path.startsWith('lookup') ? Buffer.from(data.toString().replace('tree\n300', 'tree\n301')) : data,
    ],
    [
      'another tile',
      (path: string, data: Buffer) =>
        path === 'tile/8/0/000' ? Buffer.concat([data.subarray(32), data.subarray(0, 32)]) : data,
    ],
    ['another edge', (path: string, data: Buffer) => (path.includes('.p/') ? Buffer.alloc(data.length) : data)],
    ['a cut tile', (path: string, data: Buffer) => (path === 'tile/8/0/000' ? data.subarray(0, 100) : data)],
    ['no tiles', (path: string, data: Buffer) => (path.startsWith('tile') ? null : data)],
    ['a page', (path: string) => (path.startsWith('lookup') ? Buffer.from('<html>') : null)],
    ['nothing', () => null],
  ])('that serves %s is not believed', async (_, change) => {
    const { read, key } = makeDatabase(300, change);
    expect(await recordedSums('example.org/m12@v1.0.0', read, key)).toHaveProperty('reason');
  });

  it('of another key is not believed', async () => {
    const { read } = makeDatabase(300);
    expect(await recordedSums('example.org/m12@v1.0.0', read, makeDatabase(1).key)).toMatchObject({
      reason: expect.stringContaining('not signed') as string,
    });
  });
});

describe('a release of Go', () => {
  const version = toolchainVersion('1.19.13', 'arm64');
  const at = (path: string) => `${TOOLCHAIN}@${version}/${path}`;
  const zip = zipSync({
    [at('bin/go')]: Buffer.from('program'),
    [at('pkg/tool/linux_arm64/compile')]: Buffer.from('program'),
    [at('src/_go.mod')]: Buffer.from('module std\n'),
    [at('src/fmt/print.go')]: Buffer.from('package fmt\n'),
    [at('VERSION')]: Buffer.from('go1.19.13'),
  });

  it('has its files where they belong, programs as such, and the sum of its module', () => {
    const seen: [string, string][] = [];
    const files = [...toolchainFiles(zip, version, (...each) => seen.push(each))];
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([
      ['go/VERSION', 0o644],
      ['go/bin/go', 0o755],
      ['go/pkg/tool/linux_arm64/compile', 0o755],
      ['go/src/go.mod', 0o644],
      ['go/src/fmt/print.go', 0o644],
    ]);
    expect(zipSum(seen)).toBe(zipHash(zip));
  });

  it.each([
    ['no zip', Buffer.from('hello')],
    ['an empty one', Buffer.from(zipSync({}))],
    ['one of another module', Buffer.from(zipSync({ 'other@v1/x': Buffer.from('') }))],
    ['one with a path that leads out', Buffer.from(zipSync({ [at('../../x')]: Buffer.from('') }))],
  ])('is refused where it is %s', (_, data) => {
    expect(() => [...toolchainFiles(data, version, () => undefined)]).toThrow(/zip|holds/u);
  });
});
