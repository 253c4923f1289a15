import { describe, expect, it } from 'vitest';
import { blobPath, layoutFiles, type LayoutImage } from '../../../src/bundle/make/image-layout.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const manifest = (platform: string, letter: string) => ({
  ...{ platform, digest: digest(letter), config: digest('c'), layers: [digest('1'), digest('2')] },
});
const image = (more: Partial<LayoutImage>): LayoutImage => ({
  ...{ name: 'golang:1.17', reference: 'docker.io/library/golang:1.17' },
  top: { digest: digest('a'), bytes: 7, mediaType: 'application/vnd.oci.image.index.v1+json' },
  manifests: [manifest('linux/arm64', 'b')],
  ...more,
});
const read = (images: readonly LayoutImage[], path: string): unknown => JSON.parse(layoutFiles(images).get(path) ?? '');

describe('the layout of images', () => {
  it('has the original index, under the name that containerd goes by', () => {
    expect(read([image({})], 'images/index.json')).toMatchObject({
      schemaVersion: 2,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.index.v1+json',
          digest: digest('a'),
          size: 7,
          annotations: { 'io.containerd.image.name': 'docker.io/library/golang:1.17' },
        },
      ],
    });
  });

  it('is loaded by docker with paths of its own, one tag for each image', () => {
    const two = image({ manifests: [manifest('linux/amd64', 'b'), manifest('linux/arm/v7', 'd')] });
    const layers = [`blobs/sha256/${'1'.repeat(64)}`, `blobs/sha256/${'2'.repeat(64)}`];
    const Config = `blobs/sha256/${'c'.repeat(64)}`;
    expect(read([two], 'images/manifest.json')).toEqual([
      { Config, RepoTags: ['golang:1.17'], Layers: layers },
      { Config, RepoTags: ['golang:1.17-arm-v7'], Layers: layers },
    ]);
  });

  it('has each blob under its digest', () => {
    expect(blobPath(digest('a'))).toBe(`images/blobs/sha256/${'a'.repeat(64)}`);
  });
});
