import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import type { Scan, Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { lightTree, onRelease, resolveWith, scanOf } from './fixtures.ts';

let tree: Tree;
let found: Scan;
beforeAll(async () => {
  tree = await lightTree();
  found = scanOf(tree);
});

describe('apt', () => {
  it.each([
    [
      'cn',
      'buster',
      'http://mirrors.aliyun.com/debian-archive/debian',
      'http://mirrors.aliyun.com/debian-archive/debian-security',
      'buster/updates',
      true,
    ],
    [
      'cn',
      'bullseye',
      'http://mirrors.aliyun.com/debian',
      'http://mirrors.aliyun.com/debian-security',
      'bullseye-security',
      false,
    ],
    [
      'cn',
      'bookworm',
      'http://mirrors.aliyun.com/debian',
      'http://mirrors.aliyun.com/debian-security',
      'bookworm-security',
      false,
    ],
    [
      'cn',
      'trixie',
      'http://mirrors.aliyun.com/debian',
      'http://mirrors.aliyun.com/debian-security',
      'trixie-security',
      false,
    ],
    [
      'upstream',
      'buster',
      'http://archive.debian.org/debian',
      'http://archive.debian.org/debian-security',
      'buster/updates',
      true,
    ],
    [
      '163',
      'buster',
      'http://mirrors.163.com/debian',
      'http://mirrors.163.com/debian-security',
      'buster/updates',
      false,
    ],
    [
      '163',
      'bullseye',
      'http://mirrors.163.com/debian',
      'http://mirrors.163.com/debian-security',
      'bullseye-security',
      false,
    ],
  ])('%s on %s', (profile, suite, debian, security, securitySuite, expired) => {
    const { apt } = resolveWith(scanOf(suite === 'buster' ? tree : onRelease(tree, suite)), profile);
    expect(apt).toMatchObject({ suite, debian, security, securitySuite, expired });
  });

  it('has backports where the tree asks for them only', () => {
    expect(resolveWith(found, '163').apt?.backportsSuite).toBe('buster-backports');
    expect(resolveWith(scanOf(onRelease(tree, 'bullseye')), '163').apt?.backportsSuite).toBeNull();
  });

  it('takes the base of a flag as it is given, and says which path that is', () => {
    const { apt, notes } = resolveWith(found, 'cn', { overrides: [{ kind: 'apt', value: 'http://apt.example/x/' }] });
    expect([apt?.debian, apt?.security, apt?.mirror]).toEqual([
      'http://apt.example/x/debian',
      'http://apt.example/x/debian-security',
      'flag',
    ]);
    expect(notes.find(({ code }) => code === 'archived-suite-path')?.message).toContain('http://apt.example/x/debian ');
  });

  it('takes security updates from a place of their own', () => {
    const overrides = [{ kind: 'apt-security', value: 'http://sec.example' }] as const;
    expect(resolveWith(found, 'cn', { overrides }).apt?.security).toBe('http://sec.example/debian-security');
    const bullseye = scanOf(onRelease(tree, 'bullseye'));
    expect(failureOf(() => resolveWith(bullseye, 'upstream', { overrides })).code).toBe('bad-mirror');
  });

  it('does not take a mirror without archived suites for buster', () => {
    const profile = { name: 'mine', style: 'chosen', mirrors: { apt: ['tuna'] } } as const;
    const { points, apt } = resolveWith(found, profile);
    expect(apt).toBeNull();
    const point = points[found.points.findIndex(({ id }) => id === 'tini/apt')];
    expect([point?.via, point?.reason]).toEqual(['none', 'tuna does not carry archived suites']);
  });

  it.each([
    ['deb http://apt.example/debian buster main\n', null],
    ['deb [trusted=yes] http://apt.example/debian buster main\n', 'unsigned-source'],
    ['deb [trusted=yes]http://apt.example/debian buster main\n', 'unsigned-source'],
    ['deb [ trusted=01 ] http://apt.example/debian buster main\n', 'unsigned-source'],
    ['deb [%74rusted=yes] http://apt.example/debian buster main\n', 'unsigned-source'],
    [
      'deb http://a.example/debian buster main\ndeb [x] [trusted=yes] http://apt.example/debian buster main\n',
      'bad-mirror',
    ],
    ['deb http://a.example/debian buster main\nnonsense\n', 'bad-mirror'],
    ['deb [arch=arm64 allow-insecure=yes] http://apt.example/debian buster main\n', 'unsigned-source'],
    ['deb http://me:secret@apt.example/debian buster main\n', 'secret-in-url'],
    ['# nothing\n', 'bad-mirror'],
    ['Types: deb\nURIs: http://apt.example/debian\nComponents: main\n', 'bad-mirror'],
    ['deb http://apt.example/debian buster main\0\n', 'bad-mirror'],
  ])('--sources-list %j: %s', (sourcesList, code) => {
    const call = () => resolveWith(found, 'cn', { sourcesList });
    if (code === null) expect(call().apt).toMatchObject({ text: sourcesList, mirror: 'flag', expired: true });
    else expect([failureOf(call).code, failureOf(call).exitCode]).toEqual([code, EXIT.usage]);
  });
});

describe('keyring', () => {
  const newer = { sourcesList: 'deb http://apt.example/debian bookworm main\n' };
  it('is asked for where the sources are newer than the base image', () => {
    const error = failureOf(() => resolveWith(found, 'cn', newer));
    expect([error.code, error.exitCode]).toEqual(['keyring-needed', EXIT.machine]);
    expect(error.message).toMatch(/bookworm.*buster/);
  });
  it('is not asked for where the base image moves along, or cannot be known', () => {
    expect(resolveWith(found, 'cn', { ...newer, suite: 'bookworm' }).keyring).toBeNull();
    expect(
      resolveWith(found, 'cn', { ...newer, images: { golang: 'registry.example/golang:mine' } }).keyring,
    ).toBeNull();
  });
  it('is armored when it is given', () => {
    const { keyring } = resolveWith(found, 'cn', { ...newer, aptKeyring: Uint8Array.of(0x99, 0, 1, 4) });
    expect(keyring).toMatch(
      /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQABBA==\n=.{4}\n-----END PGP PUBLIC KEY BLOCK-----\n$/,
    );
  });
});

describe('a base image of the user', () => {
  it.each([
    ['golang:1.24-alpine', 'alpine'],
    ['golang:1.24-alpine3.20', 'alpine3.20'],
    ['reg.example/fips/go:1.24-ubi9', 'ubi9'],
    ['mcr.example/oss/go/golang:1.24-azurelinux3.0', 'azurelinux3.0'],
    ['reg.example/golang:1.24-nanoserver-ltsc2022', 'nanoserver'],
    ['reg.example/ubuntu-golang:1.24', 'ubuntu'],
  ])('%s is refused, for it is no Debian', (image, word) => {
    for (const suite of [undefined, 'bookworm']) {
      const failure = failureOf(() => resolveWith(found, 'cn', { images: { golang: image }, suite }));
      expect(failure).toMatchObject({ code: 'base-not-debian', exitCode: EXIT.usage });
      expect(failure.message).toContain(word);
    }
  });

  it.each(['reg.example/vendor/go-fips:1.24', 'golang:1.24', `reg.example/golang@sha256:${'a'.repeat(64)}`])(
    '%s: nothing tells its release, so --suite is asked for',
    (image) => {
      const images = { golang: image };
      expect(failureOf(() => resolveWith(found, 'cn', { images }))).toMatchObject({
        code: 'suite-needed',
        exitCode: EXIT.usage,
        hint: expect.stringContaining('--suite') as string,
      });
      expect(resolveWith(found, 'cn', { images, suite: 'bookworm' }).apt?.suite).toBe('bookworm');
      expect(() => resolveWith(found, 'direct', { images })).not.toThrow();
      const sourcesList = 'deb http://apt.example/debian bookworm main';
      expect(() => resolveWith(found, 'cn', { images, sourcesList })).not.toThrow();
    },
  );

  it('one of Debian is taken, whoever offers it', () => {
    const images = { golang: 'reg.example/alpine-team/golang:1.24-bookworm' };
    expect(resolveWith(found, 'cn', { images }).apt?.suite).toBe('bookworm');
  });
});
