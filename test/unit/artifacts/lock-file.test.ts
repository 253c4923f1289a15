import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  imageDifferences,
  servedDifferences,
  sourceDifferences,
  type SourceFacts,
} from '../../../src/lockfile/lock-differences.ts';
import { LOCK_SCHEMA_ID, lockText, parseLock, type Lock } from '../../../src/lockfile/lock-file.ts';

const id = (digit: string): string => digit.repeat(40);
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const sum = (letter: string): string => `h1:${letter.repeat(43)}=`;

const LOCK: Lock = {
  schema: LOCK_SCHEMA_ID,
  tool: { name: 'moby-build', version: '0.1.0' },
  made: '2026-11-28T10:00:00.000Z',
  ref: 'v20.10.13',
  commit: id('a'),
  tree: id('b'),
  clonedThrough: 'ghfast.top',
  target: 'binary',
  platform: 'linux/arm64',
  profile: 'cn',
  components: [{ component: 'runc', pin: 'v1.0.3', commit: id('c'), mirror: 'ghfast.top' }],
  images: [
    {
      ...{ kind: 'image', name: 'golang', reference: 'docker.io/library/golang:1.16', platform: 'linux/arm64' },
      ...{ digest: digest('d'), basis: 'operators', mirror: 'daocloud' },
      operators: [{ operator: 'DaoCloud', mirror: 'daocloud' }],
      witnesses: ['https://github.com/a/b/pull/1'],
    },
  ],
  suites: [
    {
      suite: 'buster',
      base: 'http://a.example/debian',
      date: '2024-06-01T00:00:00.000Z',
      mirror: 'aliyun',
      operator: null,
    },
  ],
  modules: [
    {
      path: 'a.example/m',
      version: 'v1.0.0',
      sum: sum('A'),
      goModSum: sum('B'),
      mirror: 'https://p.example',
      operator: null,
    },
  ],
};
const { components } = LOCK;
const NOW: SourceFacts = {
  ref: LOCK.ref,
  commit: LOCK.commit,
  tree: LOCK.tree,
  target: 'binary',
  platform: LOCK.platform,
  components,
};

describe('a lock file', () => {
  it('is read as it was written, whatever stands in it', () => {
    const text = fc.string({ minLength: 1, maxLength: 30 });
    const hex = fc.constantFrom('0', '7', 'f');
    const lock = fc.record({
      ref: text,
      profile: text,
      commit: fc.option(hex.map(id)),
      images: fc.array(
        fc.record({
          ...{
            kind: fc.constantFrom('image' as const, 'frontend' as const),
            name: text,
            reference: text,
            platform: text,
          },
          ...{ digest: hex.map(digest), basis: fc.constantFrom('user' as const, 'trusted' as const), mirror: text },
          operators: fc.array(fc.record({ operator: text, mirror: text }), { maxLength: 2 }),
          witnesses: fc.array(text, { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(lock, (parts) => {
        const whole: Lock = { ...LOCK, ...parts };
        expect(parseLock(lockText(whole), 'x')).toEqual(whole);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'lock', /no JSON/u],
    ['another schema', JSON.stringify({ ...LOCK, schema: 'moby-build/lock/v2' }), /schema/u],
    ['a member more', JSON.stringify({ ...LOCK, extra: 1 }), /extra/u],
    [
      'a wrong digest',
      JSON.stringify({ ...LOCK, images: [{ ...LOCK.images[0], digest: 'sha256:1' }] }),
      /images\.0\.digest/u,
    ],
    ['a wrong sum', JSON.stringify({ ...LOCK, modules: [{ ...LOCK.modules[0], sum: 'h1:x' }] }), /modules\.0\.sum/u],
    ['no commit at all', JSON.stringify({ ...LOCK, commit: undefined }), /commit/u],
  ])('with %s is exit 2, and says where', (_, text, words) => {
    expect(() => parseLock(text, 'x.lock')).toThrow(expect.objectContaining({ code: 'bad-lock', exitCode: 2 }));
    expect(() => parseLock(text, 'x.lock')).toThrow(words);
  });
});

describe('what differs from a lock', () => {
  const source = (more: Partial<SourceFacts>): string[] =>
    sourceDifferences(LOCK, { ...NOW, ...more }).map(({ text }) => text);

  it('is nothing where nothing does', () => {
    expect(source({})).toEqual([]);
    expect(source({ tree: null })).toEqual([]);
    expect(imageDifferences(LOCK, LOCK.images)).toEqual([]);
    expect(servedDifferences(LOCK, LOCK)).toEqual([]);
  });

  it.each<[string, Partial<SourceFacts>]>([
    ['ref', { ref: 'v20.10.14' }],
    ['commit', { commit: id('1') }],
    ['commit', { commit: null }],
    ['tree', { tree: id('1') }],
    ['target', { target: 'dynbinary' }],
    ['platform', { platform: 'linux/amd64' }],
    ['runc', { components: [] }],
    ['runc', { components: [{ component: 'runc', pin: 'v1.0.4', commit: null, mirror: null }] }],
    ['commit of runc', { components: [{ component: 'runc', pin: 'v1.0.3', commit: id('1'), mirror: null }] }],
    ['tini', { components: [...components, { component: 'tini', pin: 'v0.19.0', commit: null, mirror: null }] }],
  ])('names the %s of the source', (name, more) => {
    const differ = sourceDifferences(LOCK, { ...NOW, ...more });
    expect(differ.map(({ text }) => text.startsWith(`${name}: `))).toEqual([true]);
    expect(differ.every((each) => each.is === 'source')).toBe(true);
  });

  it('is no commit that one of the two does not know', () => {
    expect(source({ components: [{ component: 'runc', pin: 'v1.0.3', commit: null, mirror: null }] })).toEqual([]);
  });

  it('names images by what they are: another digest, one more, one less', () => {
    const [golang] = LOCK.images;
    if (golang === undefined) throw new Error('none');
    expect(imageDifferences(LOCK, [{ ...golang, digest: digest('1') }])).toMatchObject([{ is: 'served' }]);
    expect(imageDifferences(LOCK, [{ ...golang, digest: null }])).toEqual([]);
    expect(imageDifferences(LOCK, [golang, { ...golang, platform: 'linux/amd64' }])).toMatchObject([{ is: 'served' }]);
    expect(imageDifferences(LOCK, [])).toMatchObject([{ is: 'source' }]);
  });

  it('names suites and modules: another date or sum, one that nobody says, one more, one less', () => {
    const [suite] = LOCK.suites;
    const [module] = LOCK.modules;
    if (suite === undefined || module === undefined) throw new Error('none');
    const kinds = (
      suites: typeof LOCK.suites,
      modules: readonly { path: string; version: string; sum: string | null; goModSum: string | null }[],
    ) => servedDifferences(LOCK, { suites, modules }).map((each) => each.is);
    expect(kinds([{ ...suite, date: '2025-01-01T00:00:00.000Z' }], LOCK.modules)).toEqual(['served']);
    expect(kinds([suite, { ...suite, suite: 'buster-updates' }], LOCK.modules)).toEqual(['served']);
    expect(kinds(LOCK.suites, [{ ...module, sum: sum('Z') }])).toEqual(['served']);
    expect(kinds(LOCK.suites, [{ ...module, goModSum: sum('Z') }])).toEqual(['served']);
    expect(kinds(LOCK.suites, [{ ...module, sum: null, goModSum: null }])).toEqual(['served', 'served']);
    expect(kinds([], [])).toEqual(['source', 'source', 'source']);
    // Nobody was asked: which they are is known all the same.
    expect(
      servedDifferences(LOCK, {
        suites: [{ suite: 'buster' }],
        modules: [{ path: module.path, version: module.version }],
      }),
    ).toEqual([]);
    expect(servedDifferences(LOCK, { suites: [{ suite: 'bullseye' }], modules: [] }).map((each) => each.is)).toEqual([
      'source',
      'source',
      'source',
      'served',
    ]);
  });
});
