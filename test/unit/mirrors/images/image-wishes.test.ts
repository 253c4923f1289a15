import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../../src/mirrors/catalogue/catalogue.ts';
import { imageWishes, type WishesInput } from '../../../../src/mirrors/images/image-wishes.ts';
import type { DocumentedImage } from '../../../../src/mirrors/catalogue/documented.ts';
import type { ImageWish } from '../../../../src/mirrors/images/wish.ts';
import type { Scan, Tree } from '../../../../src/types.ts';
import { edited, lightTree, profileOf, resolveWith, scanOf } from '../fixtures.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
/** Two sources, and the tag has stayed so. */
const WRITTEN: DocumentedImage = {
  reference: 'docker.io/library/golang:1.16.12-buster',
  digests: [
    {
      ...{ digest: DIGEST, kind: 'index', seen: '2024-01-01', last: true, preferred: true, unnamed: 1 },
      sources: [{ at: 'https://github.com/a/b/pull/1' }],
    },
  ],
};
const withFirst = (more: Partial<DocumentedImage['digests'][number]>): DocumentedImage => ({
  ...WRITTEN,
  digests: WRITTEN.digests.map((each) => ({ ...each, ...more })),
});
let tree: Tree;
let found: Scan;
beforeAll(async () => {
  tree = await lightTree();
  found = scanOf(tree);
});

function wishes(
  profile: string,
  { without = [], ...more }: Partial<WishesInput> & { readonly without?: readonly string[] } = {},
): readonly ImageWish[] {
  const { scan = found, frontend, images = {}, overrides = [] } = more;
  return imageWishes({
    decided: resolveWith(scan, more.profile ?? profile, { frontend, images, overrides, without }),
    ...{ scan: found, profile: profileOf(profile), catalogue: loadCatalogue(), overrides: [], images: {} },
    ...{ frontend: undefined, suite: 'buster', arch: 'arm64', buildArch: 'amd64', trusted: [] },
    ...{ locked: () => undefined, documented: () => undefined },
    ...more,
  });
}
const named = (list: readonly ImageWish[], name: string): ImageWish => {
  const wish = list.find((each) => each.name === name);
  if (wish === undefined) throw new Error(`no wish for ${name}`);
  return wish;
};

describe('the images whose digest has to be known', () => {
  it('are those of the closure, one for each tag, with all its platforms', () => {
    const list = wishes('cn');
    expect(list.map(({ reference }) => reference)).toEqual([
      'docker.io/library/golang:1.16.12-buster',
      'docker.io/djs55/vpnkit:0.5.0',
    ]);
    expect(named(list, 'djs55/vpnkit').platforms.map(({ platform }) => platform)).toEqual([
      'linux/amd64',
      'linux/arm64',
    ]);
    expect(named(list, 'golang').places.map(({ reference }) => reference)[0]).toBe(
      'docker.m.daocloud.io/library/golang:1.16.12-buster',
    );
  });

  it('hold the frontend where it is kept, and not where the engine’s own is used', () => {
    expect(wishes('cn').some(({ kind }) => kind === 'frontend')).toBe(false);
    expect(
      wishes('upstream')
        .filter(({ kind }) => kind === 'frontend')
        .map(({ name }) => name),
    ).toEqual(['docker/dockerfile']);
    const given = wishes('cn', { frontend: `reg.example/dockerfile:1@${DIGEST}` }).find(
      ({ kind }) => kind === 'frontend',
    );
    expect(given).toMatchObject({ reference: 'reg.example/dockerfile:1', known: { digest: DIGEST, by: 'user' } });
  });

  it('are none where the profile decides nothing; a flag makes them some', () => {
    expect(wishes('direct')).toEqual([]);
    expect(wishes('163')).toEqual([]);
    const flagged = wishes('163', { images: { golang: 'reg.example/golang:1-buster' } });
    expect(flagged.map(({ name, known }) => [name, known])).toEqual([['golang', null]]);
  });

  it('are left out with their component', () => {
    expect(wishes('cn', { without: ['vpnkit'] }).map(({ name }) => name)).toEqual(['golang']);
  });

  it('follow a move to another release, where their tag does', () => {
    expect(named(wishes('cn', { suite: 'bookworm' }), 'golang').reference).toBe(
      'docker.io/library/golang:1.16.12-bookworm',
    );
  });

  it('believe the official registry alone only where the user chose it', () => {
    const authority = (profile: string, overrides: WishesInput['overrides'] = []): boolean[] =>
      named(wishes(profile, { overrides }), 'golang').places.map((place) => place.authority);
    expect(authority('upstream')).toEqual([true]);
    expect(authority('cn', [{ kind: 'image', value: 'official' }])).toEqual([true]);
    const auto = { ...profileOf('auto'), mirrors: { image: ['daocloud', 'official'] } };
    expect(named(wishes('auto', { profile: auto }), 'golang').places.map((place) => place.authority)).toEqual([
      false,
      false,
    ]);
  });

  it.each<[string, Partial<WishesInput>, string | null]>([
    ['nobody', {}, null],
    ['the shipped table', { documented: () => WRITTEN }, 'table'],
    [
      'the lock file, before the table',
      { locked: () => ({ digest: DIGEST, mirror: '1ms' }), documented: () => WRITTEN },
      'lock',
    ],
    ['not the table where one source says it', { documented: () => withFirst({ unnamed: 0 }) }, null],
    ['not the table where the tag moves', { documented: () => withFirst({ last: false }) }, null],
    ['not the table where it may be of one platform', { documented: () => withFirst({ kind: null }) }, null],
    ['not the table where the image is trusted', { documented: () => WRITTEN, trusted: ['golang'] }, null],
    ['not the table where all are trusted', { documented: () => WRITTEN, trusted: ['*'] }, null],
    [
      'the user, before all',
      { images: { golang: `r.example/golang:1-buster@${DIGEST}` }, locked: () => ({ digest: 'x', mirror: '' }) },
      'user',
    ],
  ])('have their digest from %s', (_, more, by) => {
    expect(named(wishes('cn', more), 'golang').known?.by ?? null).toBe(by);
  });

  it('are asked first of who served them by the lock file', () => {
    const locked = wishes('cn', { locked: () => ({ digest: DIGEST, mirror: '1ms' }) });
    expect(named(locked, 'golang').places.map(({ name }) => name)).toEqual([
      '1ms',
      'daocloud',
      'dockerproxy.net',
      '1panel',
    ]);
  });

  it('have the digest that stands in the tree', () => {
    const pinned = edited(tree, 'Dockerfile', [['djs55/vpnkit:${VPNKIT_VERSION}', `djs55/vpnkit:0.5.0@${DIGEST}`]]);
    const vpnkit = named(wishes('cn', { scan: scanOf(pinned) }), 'djs55/vpnkit');
    expect(vpnkit).toMatchObject({ reference: 'docker.io/djs55/vpnkit:0.5.0', known: { digest: DIGEST, by: 'tree' } });
  });
});

describe('a settled image', () => {
  it('is what the point gets, with its mirror, whatever the profile would take', () => {
    const point = found.points.find(({ kind, inClosure }) => kind === 'image' && inClosure);
    const to = `docker.1ms.run/library/golang:1.16.12-buster@${DIGEST}`;
    const pins = new Map([
      [point?.id ?? '', { via: 'mirror', mirror: '1ms', to, reason: 'r', candidate: null }] as const,
    ]);
    const resolution = resolveWith(found, 'cn', { pins }).points.find(({ pointId }) => pointId === point?.id);
    expect(resolution).toEqual({ pointId: point?.id, via: 'mirror', mirror: '1ms', to, reason: 'r' });
  });
});
