import { beforeAll, describe, expect, it } from 'vitest';
import { neededObjects } from '../../../src/mirrors/candidates/need.ts';
import { partsOf } from '../../../src/mirrors/candidates/candidates.ts';
import { locate } from '../../../src/mirrors/candidates/locate.ts';
import { oneLineForm } from '../../../src/mirrors/apt/deb822.ts';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import type { MirrorOverride } from '../../../src/mirrors/catalogue/template.ts';
import { readMirrorKey } from '../../../src/names.ts';
import { makePlan } from '../../../src/patching/plan.ts';
import { loadRuleSet } from '../../../src/patching/rules/rule-set.ts';
import type { Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { lightTree, onRelease, profileOf, resolveWith, scanOf } from './fixtures.ts';

const catalogue = loadCatalogue();
const NEXUS = 'http://nexus.example/repository';
let bookworm: Tree;
beforeAll(async () => {
  bookworm = onRelease(await lightTree(), 'bookworm');
});

function flags(...texts: readonly string[]): readonly MirrorOverride[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    const key = readMirrorKey(text.slice(0, at));
    if (key === null) throw new Error(text);
    return { ...key, value: text.slice(at + 1) };
  });
}

const linesWith = (...texts: readonly string[]): readonly string[] =>
  (resolveWith(scanOf(bookworm), 'cn', { overrides: flags(...texts) }).apt?.text ?? '').split('\n').filter(Boolean);

describe('a repository for each suite', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'Nexus: the release, and security by another name',
      [`apt:bookworm=${NEXUS}/bookworm`, `apt:bookworm-security=${NEXUS}/bookworm-sec/`],
      [
        `deb ${NEXUS}/bookworm bookworm main`,
        `deb ${NEXUS}/bookworm bookworm-updates main`,
        `deb ${NEXUS}/bookworm-sec bookworm-security main`,
      ],
    ],
    [
      'no updates and no security',
      [`apt:bookworm=${NEXUS}/bookworm`, 'apt:bookworm-updates=none', 'apt:bookworm-security=none'],
      [`deb ${NEXUS}/bookworm bookworm main`],
    ],
    [
      'a hole for the suite',
      [`apt=${NEXUS}/{suite}`],
      [
        `deb ${NEXUS}/bookworm bookworm main`,
        `deb ${NEXUS}/bookworm-updates bookworm-updates main`,
        `deb ${NEXUS}/bookworm-security bookworm-security main`,
      ],
    ],
    [
      'Artifactory: the archives themselves, without /debian',
      [
        'apt:debian=https://art.example/artifactory/debian-remote',
        'apt:debian-security=https://art.example/artifactory/sec',
      ],
      [
        'deb https://art.example/artifactory/debian-remote bookworm main',
        'deb https://art.example/artifactory/debian-remote bookworm-updates main',
        'deb https://art.example/artifactory/sec bookworm-security main',
      ],
    ],
    [
      'security alone apart; the others stay with the mirror for all',
      ['apt=http://m.example', `apt:bookworm-security=${NEXUS}/bookworm-sec`],
      [
        'deb http://m.example/debian bookworm main',
        'deb http://m.example/debian bookworm-updates main',
        `deb ${NEXUS}/bookworm-sec bookworm-security main`,
      ],
    ],
    [
      'a mirror of the catalogue for one suite is a base',
      [`apt:bookworm=${NEXUS}/bookworm`, 'apt:bookworm-security=ustc'],
      [
        `deb ${NEXUS}/bookworm bookworm main`,
        `deb ${NEXUS}/bookworm bookworm-updates main`,
        'deb http://mirrors.ustc.edu.cn/debian-security bookworm-security main',
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(linesWith(...given)).toEqual(expected);
  });

  it('is planned whole: the proof finds every source at its place', () => {
    const found = scanOf(bookworm);
    const overrides = flags(`apt:bookworm=${NEXUS}/bookworm`, `apt:bookworm-security=${NEXUS}/bookworm-sec`);
    const plan = makePlan({
      ...{ tree: bookworm, before: [], scan: found, scanOptions: { target: 'binary', arch: 'arm64' }, components: [] },
      ...{ logins: false, resolutions: resolveWith(found, 'cn', { overrides }), certificates: null },
      ...{ ref: 'v20.10.24', commit: null, series: '20.10', profile: 'cn', rules: loadRuleSet() },
    });
    expect(plan.after.get('sources.list')?.text).toContain(`deb ${NEXUS}/bookworm-sec bookworm-security main\n`);
    const apt = plan.points.filter(({ kind, inClosure }) => kind === 'apt' && inClosure);
    expect(apt.map(({ via }) => via)).toEqual(apt.map(() => 'mirror'));
  });

  it('a checksum database at another address is one value of the stage', () => {
    const found = scanOf(bookworm);
    const overrides = flags('gosumdb=sum.golang.google.cn https://proxy.example/sumdb/sum.golang.google.cn');
    const plan = makePlan({
      ...{ tree: bookworm, before: [], scan: found, scanOptions: { target: 'binary', arch: 'arm64' }, components: [] },
      ...{ logins: false, resolutions: resolveWith(found, 'cn', { overrides }), certificates: null },
      ...{ ref: 'v20.10.24', commit: null, series: '20.10', profile: 'cn', rules: loadRuleSet() },
    });
    expect(plan.after.get('Dockerfile')?.text).toContain(
      'ENV GOSUMDB="sum.golang.google.cn https://proxy.example/sumdb/sum.golang.google.cn"\n',
    );
  });

  it.each<[string, readonly string[], string, RegExp]>([
    ['the release left out', ['apt:bookworm=none'], 'cn', /leaves out the release/u],
    ['a suite that nobody has', [`apt:bookworm=${NEXUS}/b`], 'direct', /Nothing says where bookworm-security is/u],
    [
      'the official host beside it',
      [`apt:bookworm-security=${NEXUS}/s`],
      'upstream',
      /Nothing says where bookworm is/u,
    ],
  ])('%s is exit 2', (_, given, profile, message) => {
    const error = failureOf(() => resolveWith(scanOf(bookworm), profile, { overrides: flags(...given) }));
    expect([error.code, error.exitCode]).toEqual(['bad-mirror', 2]);
    expect(error.message).toMatch(message);
  });

  it('a suite that the tree does not use is told of', () => {
    const { notes } = resolveWith(scanOf(bookworm), 'cn', { overrides: flags(`apt:bokworm=${NEXUS}/b`) });
    expect(notes.find(({ code }) => code === 'part-unused')?.message).toContain('apt:bokworm names a suite');
  });

  it('is asked for its own suites, at its own address', () => {
    const found = scanOf(bookworm);
    const overrides = flags(`apt:bookworm=${NEXUS}/bookworm`, `apt:bookworm-security=${NEXUS}/bookworm-sec`);
    const parts = partsOf('apt', { profile: profileOf('cn'), catalogue, overrides });
    const needs = neededObjects({
      ...{ scan: found, points: found.points, arch: 'arm64', buildArch: 'arm64', suite: 'bookworm' },
      ...{ securityElsewhere: false, pinOf: () => null, aptParts: parts },
      repositoryOf: ({ url }) => ({ url, alone: false, part: undefined }),
    }).filter(({ kind }) => kind === 'apt');
    expect(needs.map(({ key, part }) => [key, part])).toEqual([
      ['bookworm bookworm-updates', 'bookworm'],
      ['bookworm-security', 'bookworm-security'],
    ]);
    const bases = needs.map((need) => {
      const [candidate] = parts.filter(({ part }) => part === need.part);
      if (candidate === undefined) throw new Error('no candidate');
      const at = locate(candidate, need, catalogue, { apt: null, gomod: null, checksumDatabase: null });
      return 'place' in at && at.place.is === 'suites'
        ? at.place.bases.map(([{ suite }, base]) => `${suite} ${base}`)
        : [];
    });
    expect(bases).toEqual([
      [`bookworm ${NEXUS}/bookworm`, `bookworm-updates ${NEXUS}/bookworm`],
      [`bookworm-security ${NEXUS}/bookworm-sec`],
    ]);
  });
});

describe('stanzas of a .sources file', () => {
  const STANZAS = `# Debian
Types: deb deb-src
URIs: https://apt.example/debian
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://apt.example/off
Suites: bookworm
Components: main
Enabled: no

X-Repolib-Name: flat
Types: deb
URIs: https://apt.example/flat
Suites: ./
Architectures: amd64 arm64
`;
  it('say the same as lines, which every apt reads', () => {
    const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://apt.example/debian';
    expect(oneLineForm(STANZAS, 'x').trimEnd().split('\n')).toEqual([
      `deb ${key} bookworm main contrib`,
      `deb ${key} bookworm-updates main contrib`,
      `deb-src ${key} bookworm main contrib`,
      `deb-src ${key} bookworm-updates main contrib`,
      'deb [arch=amd64,arm64] https://apt.example/flat ./',
    ]);
    expect(oneLineForm(STANZAS.replaceAll('\n', '\r\n'), 'x')).toBe(oneLineForm(STANZAS, 'x'));
  });
  it('are taken by --sources-list, and so are lines', () => {
    const { apt } = resolveWith(scanOf(bookworm), 'cn', { sourcesList: STANZAS });
    expect(apt?.text).toBe(oneLineForm(STANZAS, 'x'));
  });
  it.each<[string, string, string, RegExp]>([
    ['signatures off', 'Trusted: yes', 'unsigned-source', /--apt-keyring/u],
    ['signatures off in another way', 'Allow-Insecure: yes', 'unsigned-source', /--apt-keyring/u],
    [
      'a key in the text',
      'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc',
      'bad-mirror',
      /--apt-keyring/u,
    ],
    ['a field that is none', 'Colour: red', 'bad-mirror', /signed-by/u],
    ['a stanza without a suite', '\n\nTypes: deb\nURIs: http://x.example\n', 'bad-mirror', /^/u],
  ])('%s is exit 2', (_, more, code, hint) => {
    const text = `Types: deb\nURIs: http://apt.example/debian\nSuites: bookworm\nComponents: main\n${more}\n`;
    const error = failureOf(() => resolveWith(scanOf(bookworm), 'cn', { sourcesList: text }));
    expect([error.code, error.exitCode]).toEqual([code, 2]);
    expect(error.hint ?? '').toMatch(hint);
  });
});

describe('a key of a company', () => {
  const line = 'deb [arch=arm64 signed-by=/usr/share/keyrings/corp.gpg] http://apt.example/debian bookworm main\n';
  /** The head of a public key packet (RFC 4880, 4.2): nothing behind it is read. */
  const keyring = Uint8Array.from([0x99, 0x01, 0x0d, 0x04]);
  it('that the image does not have is asked for', () => {
    const error = failureOf(() => resolveWith(scanOf(bookworm), 'cn', { sourcesList: line }));
    expect([error.code, error.exitCode]).toEqual(['bad-mirror', 2]);
    expect(error.message).toContain('/usr/share/keyrings/corp.gpg');
    expect(error.hint).toContain('--apt-keyring FILE');
  });
  it('that is given is named where it is put', () => {
    const { apt, keyring: put } = resolveWith(scanOf(bookworm), 'cn', { sourcesList: line, aptKeyring: keyring });
    expect(apt?.text).toBe(
      'deb [arch=arm64 signed-by=/etc/apt/trusted.gpg.d/debian-archive-keyring.asc] http://apt.example/debian bookworm main\n',
    );
    expect(put).toContain('BEGIN PGP PUBLIC KEY BLOCK');
  });
  it('may be in an image of the user’s own; Debian’s is in every one', () => {
    const images = { golang: 'corp.example/golang:1.16-bookworm' };
    expect(resolveWith(scanOf(bookworm), 'cn', { sourcesList: line, images }).apt?.text).toBe(line);
    const own = line.replace('corp.gpg', 'debian-archive-keyring.gpg');
    expect(resolveWith(scanOf(bookworm), 'cn', { sourcesList: own }).apt?.text).toBe(own);
  });
});
