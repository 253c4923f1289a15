import { describe, expect, it } from 'vitest';
import { nameWithDigest } from '../../../src/bundle/use/bundled-image.ts';
import { layoutOf, tagOf } from '../../../src/bundle/use/image-archive.ts';
import { buildFor, keyOf, lackingOf, lackingToo, type WantedBuild } from '../../../src/bundle/use/needs.ts';
import { smallBundle } from '../../support/make-bundle.ts';

const { contents } = smallBundle();
const [build] = contents.builds;
const wanted = (more: Partial<WantedBuild>): WantedBuild => ({ ref: null, arch: null, target: null, ...more });

describe('the build of a bundle', () => {
  it.each([{}, { ref: 'v20.10.24' }, { ref: 'v20.10.24', arch: 'arm64', target: 'binary' }])(
    '%j is the one',
    (more) => {
      expect(buildFor(contents, wanted(more))).toBe(build);
    },
  );

  it.each([{ ref: 'v20.10.25' }, { arch: 'amd64' }, { ref: 'v20.10.24', target: 'all' }])('%j is another', (more) => {
    expect(buildFor(contents, wanted(more))).toBe('is for another build: v20.10.24, arm64, binary');
  });

  it('has to be named where there are several', () => {
    const two = { builds: [...contents.builds, ...contents.builds.map((each) => ({ ...each, arch: 'amd64' }))] };
    expect(buildFor(two, wanted({ ref: 'v20.10.24' }))).toMatch(
      /^is for several builds, so --ref, --arch and --target/u,
    );
    expect(buildFor(two, wanted({ arch: 'arm64' }))).toBe(build);
  });
});

describe('what a bundle lacks', () => {
  const needs = build ?? expect.fail('no build');
  const [git, image] = contents.objects;

  it.each<[string, Parameters<typeof lackingOf>[0], number, readonly string[]]>([
    ['nothing', contents, 2, []],
    ['an object', { ...contents, objects: contents.objects.slice(1) }, 2, ['git moby/moby']],
    ['all', { objects: [], gaps: [] }, 2, ['git moby/moby', 'image golang:1.17']],
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
    [
      'what could not be had',
      { ...contents, gaps: [{ kind: 'pip', name: 'https://x', reason: 'no' }] },
      3,
      ['pip https://x'],
    ],
  ])('%s', (_, there, total, missing) => {
    expect(lackingOf(there, needs)).toEqual({ total, missing });
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
