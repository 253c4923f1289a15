import { describe, expect, it } from 'vitest';
import { aptPackages, besidesBase, PACKAGE_LINE } from '../../../src/inventory/apt-packages.ts';

const SUM = 'a'.repeat(64);
const GOT = '#17 4.1 Get:12 http://m.example/debian bookworm/main amd64 libseccomp-dev amd64 2.5.4-1+deb12u1 [89.8 kB]';
const FROM = { from: 'http://m.example/debian', suite: 'bookworm' };
const one = { name: 'libseccomp-dev', arch: 'amd64', version: '2.5.4-1+deb12u1' };

describe('packages of a log', () => {
  it('have archive, suite and the digest of the file that dpkg was given', () => {
    const lines = [
      GOT,
      `#17 5.2 ${SUM}  /var/cache/apt/archives/libseccomp-dev_2.5.4-1+deb12u1_amd64.deb\r`,
      '#17 5.9 Unpacking libseccomp-dev:amd64 (2.5.4-1+deb12u1) ...',
    ];
    expect(lines.every((line) => PACKAGE_LINE.test(line))).toBe(true);
    expect(aptPackages(lines)).toEqual([{ ...one, sha256: SUM, ...FROM }]);
  });

  it.each([
    ['from apt’s cache, where : is written as %3a', '/var/cache/apt/archives/git_1%3a2.39.5-0+deb12u2_amd64.deb'],
    ['from a folder of packages, whose names have no epoch', '/tmp/sources/apt/pool/git_2.39.5-0+deb12u2_amd64.deb'],
  ])('with an epoch, %s, have their digest and their architecture', (_, file) => {
    const lines = [`#9 1.0 ${SUM}  ${file}`, '#9 1.2 Unpacking git (1:2.39.5-0+deb12u2) over (1:2.39.2-1) ...'];
    expect(aptPackages(lines)).toEqual([
      { name: 'git', arch: 'amd64', version: '1:2.39.5-0+deb12u2', sha256: SUM, from: null, suite: null },
    ]);
  });

  it('of two architectures are two', () => {
    const digest = (arch: string, of: string): string => `#9 1.0 ${of.repeat(64)}  /a/xz_1-1_${arch}.deb`;
    const lines = [
      ...['#9 1.2 Unpacking xz:amd64 (1-1) ...', '#9 1.2 Unpacking xz:arm64 (1-1) ...'],
      ...[digest('arm64', 'b'), digest('amd64', 'c')],
    ];
    expect(aptPackages(lines).map(({ arch, sha256 }) => [arch, sha256])).toEqual([
      ['amd64', 'c'.repeat(64)],
      ['arm64', 'b'.repeat(64)],
    ]);
  });

  it('that two archives served with other bytes have neither digest nor archive', () => {
    const file = '/var/cache/apt/archives/libseccomp-dev_2.5.4-1+deb12u1_amd64.deb';
    const lines = [
      GOT,
      GOT.replace('m.example', 'n.example'),
      `#1 1 ${SUM}  ${file}`,
      `#2 1 ${'b'.repeat(64)}  ${file}`,
    ];
    for (const said of [lines, [...lines, ...lines]])
      expect(aptPackages(said)).toEqual([{ ...one, sha256: null, from: null, suite: null }]);
  });

  it('of a base image that was made of packages are left to its own record, where no digest was said', () => {
    const lines = [
      '#4 1.0 Unpacking bash (5.2.15-2) ...',
      '#4 1.0 Unpacking libc6-dev:amd64 (2.36-9) ...',
      `#9 1.0 ${SUM}  /var/cache/apt/archives/libc6-dev_2.36-10_amd64.deb`,
      '#9 1.1 Unpacking libc6-dev:amd64 (2.36-10) over (2.36-9) ...',
    ];
    const base = [
      { name: 'bash', version: '5.2.15-2' },
      { name: 'libc6-dev', version: '2.36-9' },
    ];
    expect(besidesBase(aptPackages(lines), base).map(({ name, version }) => [name, version])).toEqual([
      ['libc6-dev', '2.36-10'],
    ]);
  });

  it('are not made of a digest alone: a step may look at a file that it does not install', () => {
    expect(aptPackages([`#1 1 ${SUM}  /srv/other_1_amd64.deb`, `#1 1 ${SUM}  /srv/no-package.deb`])).toEqual([]);
  });
});
