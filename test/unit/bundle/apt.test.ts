import { describe, expect, it } from 'vitest';
import { aptRootConfig, movedSourcesList, rootOf } from '../../../src/bundle/apt/apt-root.ts';
import { foreignArches, installationOf, knownPackages, readUris } from '../../../src/bundle/apt/apt-words.ts';
import { crossingOf, crossInstallation, namesToTry } from '../../../src/bundle/apt/cross-packages.ts';
import { fileByHash, listedFiles, splitSuitePath } from '../../../src/bundle/apt/release.ts';

const call = (text: string) => ({ words: text.split(' ') });

describe('what a call of apt-get installs', () => {
  it.each([
    ['install -y --no-install-recommends cmake xxd', { packages: ['cmake', 'xxd'], release: null, recommends: false }],
    [
      'install -qq -t buster-backports libseccomp-dev:arm64',
      { packages: ['libseccomp-dev:arm64'], release: 'buster-backports', recommends: true },
    ],
    [
      '--target-release=sid install g++ libc6/buster libx=1:2.3-4~deb10u1',
      { packages: ['g++', 'libc6/buster', 'libx=1:2.3-4~deb10u1'], release: 'sid', recommends: true },
    ],
  ])('%s', (text, wanted) => {
    expect(installationOf(call(text))).toEqual(wanted);
  });

  it.each(['update', 'clean', 'purge -y cmake', '-y autoremove'])('nothing: %s', (text) => {
    expect(installationOf(call(text))).toBeNull();
  });

  it.each([
    ['install -o Dpkg::Pre-Invoke::=id cmake', 'its option -o is not understood'],
    ['install -c /tmp/apt.conf cmake', 'its option -c is not understood'],
    ['install ./local.deb', '"./local.deb" is no package'],
    ['install $(id)', '"$(id)" is no package'],
    ['install -t $X cmake', '"$X" is no package'],
    ['install -oDpkg::Pre-Invoke::=id cmake', 'its option -oDpkg::Pre-Invoke::=id is not understood'],
    ['install -- --print-uris', 'its option -- is not understood'],
    ['install -t --option=x cmake', '"--option=x" is no package'],
    ['install a/../b.deb', '"a/../b.deb" is no package'],
    ['install cmake;id', '"cmake;id" is no package'],
    ['dist-upgrade -y', 'what dist-upgrade fetches is not known beforehand'],
  ])('not known: %s', (text, why) => {
    expect(installationOf(call(text))).toBe(why);
  });

  it('not known where a word is not', () => {
    expect(installationOf({ words: null })).toMatch(/cannot be told/u);
  });

  it('for which architectures besides the own one', () => {
    const packages = ['gcc', 'libc6-dev:arm64', 'x:any', 'y:armhf', 'z:arm64'];
    expect(foreignArches([{ packages, release: null, recommends: true }])).toEqual(['arm64', 'armhf']);
  });
});

describe('what xx-apt-get installs for another architecture', () => {
  const wanted = { packages: ['gcc', 'libc6-dev', 'dpkg-dev', 'libx:s390x'], release: null, recommends: false };
  const crossing = { arch: 'arm64', suffix: 'aarch64-linux-gnu' };

  it('is the package that makes programs for it, else its own, else the one of all; what is said stays', () => {
    const known = knownPackages(
      [
        'Package: gcc-aarch64-linux-gnu\nArchitecture: amd64\nDescription: a\n .\n b',
        'Package: gcc\nArchitecture: arm64',
        'Package: libc6-dev\nVersion: 1\nArchitecture: arm64',
        'Package: libc6-dev\nVersion: 1\nArchitecture: amd64\n',
      ].join('\n\n'),
    );
    expect(crossInstallation(wanted, crossing, known)).toEqual({
      ...wanted,
      packages: ['gcc-aarch64-linux-gnu', 'libc6-dev:arm64', 'dpkg-dev', 'libx:s390x'],
    });
  });

  it('is found out by what apt knows', () => {
    expect(namesToTry({ ...wanted, packages: ['gcc', 'x:any', 'y/sid', 'z=1'] }, crossing)).toEqual([
      'gcc-aarch64-linux-gnu',
      'gcc:arm64',
    ]);
    expect(knownPackages('')).toEqual(new Set());
  });

  it.each([
    ['arm64', 'amd64', crossing],
    ['amd64', 'arm64', { arch: 'amd64', suffix: 'x86-64-linux-gnu' }],
    ['arm64', 'arm64', null],
    ['s390x', 'amd64', undefined],
  ])('%s on %s: %j', (arch, on, due) => {
    expect(crossingOf(arch, on)).toEqual(due);
  });
});

describe('what apt-get --print-uris prints', () => {
  const sum = 'a'.repeat(64);

  it('is read with its checksums', () => {
    const printed = `'http://127.0.0.1:1/debian/pool/a_1%3a2_all.deb' a_1%3a2_all.deb 12 SHA256:${sum}\n`;
    expect(readUris(printed)).toEqual([
      { url: 'http://127.0.0.1:1/debian/pool/a_1%3a2_all.deb', bytes: 12, sha256: sum },
    ]);
    expect(readUris('')).toEqual([]);
  });

  it.each([`'http://h/a.deb' a.deb 12 MD5Sum:${'a'.repeat(32)}\n`, `'http://h/a.deb' a.deb 12 \n`])(
    'is refused without them: %s',
    (printed) => {
      expect(readUris(printed)).toBeNull();
    },
  );
});

describe('a suite', () => {
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
  const release = `Suite: x\nMD5Sum:\n ${'0'.repeat(32)} 1 main/a\nSHA256:\n ${one}  5 main/binary-arm64/Packages\n ${two} 16 main/binary-arm64/Packages.xz\n ${one} 5 contrib/binary-arm64/Packages\nAcquire-By-Hash: yes\n`;

  it('lists its files, and knows them by their checksum in their folder', () => {
    const files = listedFiles(release);
    expect(files).toHaveLength(3);
    expect(fileByHash(`main/binary-arm64/by-hash/SHA256/${two}`, files)?.path).toBe('main/binary-arm64/Packages.xz');
    expect(fileByHash(`contrib/binary-arm64/by-hash/SHA256/${one}`, files)?.path).toBe('contrib/binary-arm64/Packages');
  });

  it.each([
    `main/binary-arm64/by-hash/SHA256/${'3'.repeat(64)}`,
    `main/by-hash/SHA256/${one}`,
    `main/binary-arm64/by-hash/MD5Sum/${'0'.repeat(32)}`,
    'main/binary-arm64/Packages',
  ])('has nothing by its checksum at %s', (asked) => {
    expect(fileByHash(asked, listedFiles(release))).toBeNull();
  });

  it('has a name of one part or two', () => {
    const suites = ['buster', 'buster/updates'];
    expect(splitSuitePath('dists/buster/updates/InRelease', suites)).toEqual({
      suite: 'buster/updates',
      below: 'InRelease',
    });
    expect(splitSuitePath('dists/buster/main/x', suites)).toEqual({ suite: 'buster', below: 'main/x' });
    expect(splitSuitePath('dists/bullseye/main/x', suites)).toBeNull();
    expect(splitSuitePath('pool/a.deb', suites)).toBeNull();
  });
});

describe('an apt of its own', () => {
  it.each([
    ['http://mirror.example/debian', 'debian'],
    ['https://mirror.example/archive/debian-security/', 'debian-security'],
    ['mirror+file:/etc/apt/list', '_etc_apt_list'],
    ['https://other.example/deb/x', 'other.example_deb_x'],
  ])('%s lies in apt/%s', (url, root) => {
    expect(rootOf(url)).toBe(root.replace(/^_/u, ''));
  });

  it('has each source once', () => {
    const source = { type: 'deb', root: 'debian', suite: 'buster', components: ['main', 'contrib'] } as const;
    expect(movedSourcesList([source, source], 'http://127.0.0.1:1')).toBe(
      'deb http://127.0.0.1:1/debian buster main contrib\n',
    );
  });

  it('leaves the date of an archived suite, and no signature, unchecked', () => {
    const text = aptRootConfig('/r', ['arm64', 'amd64'], true);
    expect(text).toContain('APT::Architectures { "arm64"; "amd64"; };');
    expect(text).toContain('Acquire::Check-Valid-Until "false";');
    expect(aptRootConfig('/r', ['arm64'], false)).not.toContain('Valid-Until');
    expect(text).not.toMatch(/trusted=|AllowInsecure|Verify/iu);
  });
});
