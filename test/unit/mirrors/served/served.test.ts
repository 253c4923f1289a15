import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { hashOne, zipHash } from '../../../../src/mirrors/served/module-hash.ts';
import { deniedBy } from '../../../../src/mirrors/served/module-sums.ts';
import { servedModules, servedSuites } from '../../../../src/mirrors/served/wanted.ts';
import { lightTree, profileOf, resolveWith, scanOf } from '../fixtures.ts';

const MOD = strToU8('module github.com/pkg/errors\n');
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

describe('the sum of a module', () => {
  it('is the one that go.sum has: of a go.mod', () => {
    // github.com/pkg/errors v0.9.1/go.mod, as every go.sum that requires it has it.
    expect(hashOne({ 'go.mod': MOD })).toBe('h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0=');
  });

  it('is over the files of the zip by name, whatever their order in it', () => {
    const [a, b] = [strToU8('a\n'), strToU8('b\n')];
    const lines = [`${sha256('a\n').toString('hex')}  m@v1/A\n`, `${sha256('b\n').toString('hex')}  m@v1/b\n`];
    const expected = `h1:${sha256(lines.join('')).toString('base64')}`;
    expect(zipHash(zipSync({ 'm@v1/b': b, 'm@v1/A': a }))).toBe(expected);
    expect(zipHash(zipSync({ 'm@v1/A': a, 'm@v1/b': b }))).toBe(expected);
    expect(zipHash(zipSync({ 'm@v1/A': a, 'm@v1/b': a }))).not.toBe(expected);
  });

  it.each([
    ['a page', strToU8('<html>')],
    ['nothing', new Uint8Array()],
    ['half a zip', zipSync({ a: strToU8('a'.repeat(1000)) }).subarray(0, 60)],
  ])('is none for %s', (_, bytes) => {
    expect(zipHash(bytes)).toBeNull();
  });

  it('is denied by a record of the checksum database that says another, and by no other text', () => {
    const sums = { sum: 'h1:one', goModSum: 'h1:two' };
    const record = '123\na.example/m v1.0.0 h1:one\na.example/m v1.0.0/go.mod h1:two\n\ngo.sum database tree\n';
    expect(deniedBy(record, 'a.example/m', 'v1.0.0', sums)).toBeNull();
    expect(deniedBy(record, 'a.example/m', 'v1.0.0', { ...sums, sum: 'h1:else' })).toContain('h1:one');
    expect(deniedBy(record, 'a.example/m', 'v1.0.0', { ...sums, goModSum: 'h1:else' })).toContain('h1:two');
    expect(deniedBy('<html>', 'a.example/m', 'v1.0.0', sums)).toBeNull();
    expect(deniedBy(record, 'a.example/m', 'v1.0.1', sums)).toBeNull();
  });
});

describe('what a plan has mirrors serve', () => {
  it('is the suites of its sources, at their places', async () => {
    const found = scanOf(await lightTree());
    const suites = servedSuites(found, resolveWith(found, 'cn'));
    expect(suites.map(({ suite }) => suite)).toEqual([
      'buster',
      'buster-updates',
      'buster-backports',
      'buster/updates',
    ]);
    expect(new Set(suites.map(({ mirror }) => mirror))).toEqual(new Set(['aliyun']));
    for (const { base } of suites)
      expect(base).toMatch(/^http:\/\/mirrors\.aliyun\.com\/debian-archive\/debian(?:-security)?$/u);
    expect(servedSuites(found, resolveWith(found, 'direct'))).toEqual([]);
  });

  it('is the modules that it names by version, and none of a checkout', async () => {
    const found = scanOf(await lightTree());
    expect(servedModules(found, resolveWith(found, 'cn'))).toEqual([]);
    const point = found.points.find(({ kind, inClosure }) => kind === 'gomod' && inClosure);
    if (point === undefined) throw new Error('no module');
    const module = 'github.com/rootless-containers/rootlesskit/cmd/rootlesskit@v1.0.1';
    const scan = { ...found, points: found.points.map((each) => (each === point ? { ...each, module } : each)) };
    const [named] = servedModules(scan, resolveWith(scan, profileOf('cn')));
    expect(named).toMatchObject({ path: 'github.com/rootless-containers/rootlesskit', version: 'v1.0.1' });
    expect(named?.proxies[0]).toBe('https://goproxy.cn');
  });
});
