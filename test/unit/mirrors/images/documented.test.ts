import { describe, expect, it } from 'vitest';
import {
  digestTableSchema,
  fallbackDigest,
  isBelieved,
  knownDigest,
  shippedDigests,
  voicesOf,
  type DocumentedDigest,
} from '../../../../src/mirrors/catalogue/documented.ts';

const A = `sha256:${'a'.repeat(64)}`;
const GOLANG = 'docker.io/library/golang:1.24.9-bookworm';
const documented = (more: Partial<DocumentedDigest>): DocumentedDigest => ({
  ...{ digest: A, kind: 'index', seen: '2025-01-01', last: true, preferred: true, sources: [], unnamed: 0 },
  ...more,
});
const at = (...places: string[]): DocumentedDigest['sources'] =>
  places.map((place) => {
    const [where = '', copyOf] = place.split(' copy of ');
    return { at: `https://${where}`, ...(copyOf === undefined ? {} : { copyOf }) };
  });

describe('a documented digest', () => {
  it.each<[string, Partial<DocumentedDigest>, number, boolean]>([
    ['one source', { sources: at('github.com/a/b/blob/1/x') }, 1, false],
    ['two owners', { sources: at('github.com/a/b/blob/1/x', 'github.com/c/d/blob/1/x') }, 2, true],
    ['two repositories of one owner', { sources: at('github.com/a/b/blob/1/x', 'github.com/A/c/blob/1/x') }, 1, false],
    ['an owner and a site', { sources: at('github.com/a/b/pull/1', 'lists.example/1') }, 2, true],
    ['texts of unknown place, however many', { unnamed: 5 }, 1, false],
    ['an owner and texts of unknown place', { sources: at('github.com/a/b/blob/1/x'), unnamed: 2 }, 2, true],
    [
      'two copies of one record',
      {
        sources: at(
          'github.com/a/r/x copy of docker-library/repo-info',
          'github.com/b/r/x copy of docker-library/repo-info',
        ),
      },
      1,
      false,
    ],
    ['the record of those who make it', { sources: at('github.com/docker-library/repo-info/blob/1/x') }, 1, true],
    [
      'two owners, and perhaps of one platform',
      { kind: null, sources: at('github.com/a/b', 'github.com/c/d') },
      2,
      false,
    ],
  ])('by %s', (_, more, voices, believed) => {
    expect(voicesOf(documented(more))).toHaveLength(voices);
    expect(isBelieved(GOLANG, documented(more))).toBe(believed);
  });

  it('is believed by the record of those who make the image, and of no other', () => {
    const own = documented({ sources: at('github.com/docker-library/repo-info/blob/1/x') });
    expect(isBelieved('docker.io/djs55/vpnkit:0.5.0', own)).toBe(false);
  });

  it('is what a tag is only where the tag has stayed so; else it can be fallen back on', () => {
    const two = { sources: at('github.com/a/b', 'github.com/c/d') };
    const image = (more: Partial<DocumentedDigest>) => ({
      reference: GOLANG,
      digests: [documented({ ...two, ...more })],
    });
    expect(knownDigest(image({}))?.digest).toBe(A);
    expect(knownDigest(image({ last: false }))).toBeUndefined();
    expect(fallbackDigest(image({ last: false }))?.digest).toBe(A);
    expect(fallbackDigest(image({ last: false, preferred: false }))).toBeUndefined();
  });
});

describe('the shipped table', () => {
  it('knows what the default line needs', () => {
    const names = shippedDigests().map(({ reference }) => reference);
    expect(names).toEqual(
      expect.arrayContaining(['docker.io/library/golang:1.16.12-buster', 'docker.io/djs55/vpnkit:0.5.0']),
    );
    for (const version of ['1.2.1', '1.4.0', '1.5.0', '1.6.1', '1.7.0', '1.9.0']) {
      const xx = shippedDigests().find(({ reference }) => reference === `docker.io/tonistiigi/xx:${version}`);
      expect(xx === undefined ? undefined : knownDigest(xx), version).toBeDefined();
    }
  });

  it.each([
    ['a short digest', { digest: 'sha256:abc' }, {}],
    ['no source', { sources: [], unnamed: 0 }, {}],
    ['no tag', {}, { reference: 'docker.io/tonistiigi/xx' }],
    ['no registry', {}, { reference: 'xx:1' }],
  ])('refuses a row with %s', (_, digest, image) => {
    const digests = [{ ...documented({ unnamed: 1 }), ...digest }];
    const table = (rows: unknown[]) => ({
      schema: 'moby-build/image-digests/v2',
      gathered: '2026-01-01',
      images: rows,
    });
    expect(
      digestTableSchema.safeParse(table([{ reference: GOLANG, digests: [documented({ unnamed: 1 })] }])).success,
    ).toBe(true);
    expect(digestTableSchema.safeParse(table([{ reference: GOLANG, digests, ...image }])).success).toBe(false);
  });

  it('refuses a digest twice, a tag twice, and two that are the last', () => {
    const a = documented({ unnamed: 1 });
    const b = { ...a, digest: `sha256:${'b'.repeat(64)}` };
    const of = (...images: unknown[]) =>
      digestTableSchema.safeParse({ schema: 'moby-build/image-digests/v2', gathered: '2026-01-01', images }).success;
    expect(of({ reference: GOLANG, digests: [a, { ...b, last: false, preferred: false }] })).toBe(true);
    expect(of({ reference: GOLANG, digests: [a, a] })).toBe(false);
    expect(of({ reference: GOLANG, digests: [a, b] })).toBe(false);
    expect(of({ reference: GOLANG, digests: [a] }, { reference: GOLANG, digests: [b] })).toBe(false);
  });
});
