import { describe, expect, it } from 'vitest';
import { nameWithDigest } from '../../../src/bundle/use/bundled-image.ts';
import { layoutOf, tagOf } from '../../../src/bundle/use/image-archive.ts';
import {
  buildsFor,
  keyOf,
  lackingOf,
  lackingToo,
  objectsFor,
  type WantedBuild,
} from '../../../src/bundle/use/needs.ts';
import { COMMIT, smallBundle } from '../../support/make-bundle.ts';

const { contents } = smallBundle();
const [build] = contents.builds;
const wanted = (more: Partial<WantedBuild>): WantedBuild => ({ ref: null, arch: null, target: null, ...more });

describe('the build of a bundle', () => {
  const two = [...contents.builds, ...contents.builds.map((each) => ({ ...each, arch: 'amd64' }))];

  it.each<readonly [Partial<WantedBuild>, readonly string[]]>([
    [{}, ['arm64', 'amd64']],
    [{ ref: 'v20.10.24' }, ['arm64', 'amd64']],
    [{ arch: 'amd64' }, ['amd64']],
    [{ ref: 'v20.10.24', arch: 'arm64', target: 'binary' }, ['arm64']],
    [{ ref: 'v20.10.25' }, []],
    [{ arch: 'riscv64' }, []],
    [{ ref: 'v20.10.24', target: 'all' }, []],
  ])('%j may be %j', (more, arches) => {
    expect(buildsFor({ builds: two }, wanted(more)).map(({ arch }) => arch)).toEqual(arches);
  });

  it('has its own objects before those of another build', () => {
    const needs = contents.objects.slice(1).map(keyOf);
    const own = objectsFor(contents, { ...(build ?? expect.fail('no build')), needs });
    expect(own).toEqual(contents.objects.toReversed());
  });
});

describe('what a bundle lacks', () => {
  const needs = build ?? expect.fail('no build');
  const [git, image] = contents.objects;

  it.each<[string, Parameters<typeof lackingOf>[0], number, readonly string[], typeof needs.gaps?]>([
    ['nothing', contents, 2, []],
    ['an object', { ...contents, objects: contents.objects.slice(1) }, 2, ['git moby/moby']],
    ['all', { objects: [] }, 2, ['git moby/moby', 'image golang:1.17']],
    [
      'an object of that name with another digest',
      {
        ...contents,
        objects: contents.objects.map((each) => ({
          ...each,
          digest: each === image ? `sha256:${'0'.repeat(64)}` : each.digest,
        })),
      },
      2,
      ['image golang:1.17'],
    ],
    ['what could not be had', contents, 3, ['pip https://x'], [{ kind: 'pip', name: 'https://x', reason: 'no' }]],
  ])('%s', (_, there, total, missing, gaps = []) => {
    expect(lackingOf(there, { ...needs, gaps }, new Set())).toEqual({ total, missing });
  });

  it('is no repository that the store has', () => {
    const stored = new Set([COMMIT]);
    expect(lackingOf({ objects: [] }, needs, stored)).toEqual({ total: 2, missing: ['image golang:1.17'] });
  });

  it('and the plan needs too, each once', () => {
    const lacking = { total: 2, missing: ['git a'] };
    expect(lackingToo(lacking, ['git a', 'apt sid', 'apt sid'])).toEqual({ total: 3, missing: ['git a', 'apt sid'] });
    expect(keyOf(git ?? expect.fail('none'))).toBe(needs.needs[0]);
  });
});

describe('an image of a bundle in the tree', () => {
  const hex = 'a'.repeat(64);
  it.each([
    ['bundle.invalid/library/golang:1.17', `bundle.invalid/library/golang:1.17-${hex}`],
    ['bundle.invalid/library/golang', `bundle.invalid/library/golang:${hex}`],
    ['bundle.invalid:5000/golang', `bundle.invalid:5000/golang:${hex}`],
    [`bundle.invalid/golang:${'1'.repeat(64)}`, null],
  ])('%s is called %s', (reference, name) => {
    expect(nameWithDigest(reference, `sha256:${hex}`)).toBe(name);
  });

  it('is in a layout that engines of both stores load', () => {
    const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
    const files = new Map(
      ['a', 'b', 'c'].map((each, at) => [`images/blobs/sha256/${each.repeat(64)}`, { at, bytes: at }]),
    );
    const name = `bundle.invalid/golang:1-${hex}`;
    const image = {
      name,
      manifest: digest('a'),
      mediaType: 'application/x',
      config: digest('b'),
      layers: [digest('c')],
    };
    const located = { files } as unknown as Parameters<typeof layoutOf>[0];
    const layout = layoutOf(located, [image, { ...image, name: `${name}2` }]);
    expect(layout.map(({ path }) => path)).toEqual([
      ...['a', 'b', 'c'].map((each) => `blobs/sha256/${each.repeat(64)}`),
      ...['index.json', 'manifest.json', 'oci-layout'],
    ]);
    const json = (path: string): unknown => {
      const entry = layout.find((each) => each.path === path);
      return JSON.parse(entry !== undefined && 'text' in entry ? entry.text : '');
    };
    expect(json('index.json')).toMatchObject({
      manifests: [
        {
          digest: digest('a'),
          size: 0,
          annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tagOf(name) },
        },
        { digest: digest('a') },
      ],
    });
    expect(json('manifest.json')).toMatchObject([
      { Config: `blobs/sha256/${'b'.repeat(64)}`, RepoTags: [name], Layers: [`blobs/sha256/${'c'.repeat(64)}`] },
      { RepoTags: [`${name}2`] },
    ]);
  });
});
