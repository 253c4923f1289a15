import { createHash } from 'node:crypto';
import {
  CONTENTS_PATH,
  contentsText,
  SUMS_PATH,
  type BundleObject,
  type Contents,
} from '../../src/bundle/format/contents.ts';
import { keyOf } from '../../src/bundle/use/needs.ts';
import { comparePaths, sumsText } from '../../src/bundle/format/sums.ts';
import { writeTar } from '../../src/bundle/format/write-tar.ts';

/** path → bytes, in the order in which they stand in the file. */
export type Files = readonly (readonly [path: string, bytes: Buffer])[];

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export const COMMIT = 'a'.repeat(40);

/** An image of one platform: a sparse index, a manifest, a configuration, a layer. */
export function imageFiles(): { readonly digest: string; readonly files: Files } {
  const blob = (data: Buffer) => [`images/blobs/sha256/${sha256(data)}`, data] as const;
  const descriptor = (data: Buffer) => ({ digest: `sha256:${sha256(data)}`, size: data.length });
  const config = Buffer.from('{"architecture":"arm64"}');
  const layer = Buffer.from([0x1f, 0x8b, 1, 2, 3]);
  const manifest = Buffer.from(JSON.stringify({ config: descriptor(config), layers: [descriptor(layer)] }));
  const other = { digest: `sha256:${'e'.repeat(64)}`, size: 7 };
  const index = Buffer.from(JSON.stringify({ manifests: [descriptor(manifest), other] }));
  return {
    digest: `sha256:${sha256(index)}`,
    files: [blob(config), blob(layer), blob(manifest), blob(index)],
  };
}

export function objectOf(more: Partial<BundleObject>, files: Files): BundleObject {
  return {
    ...{ kind: 'git', name: 'moby/moby', upstream: 'https://github.com/moby/moby.git', mirror: 'ghproxy' },
    ...{ url: 'https://g.example/moby.git', digest: `git:${COMMIT}`, witness: null },
    bytes: files.reduce((sum, [, data]) => sum + data.length, 0),
    files: files.map(([path]) => path),
    ...more,
  };
}

/** What a small bundle has: a repository of two files, and an image. */
export function smallBundle(): { readonly contents: Contents; readonly files: Files } {
  const git: Files = [
    [`git/${COMMIT}.git/HEAD`, Buffer.from('ref: refs/heads/main\n')],
    [`git/${COMMIT}.git/objects/pack/pack-1.pack`, Buffer.alloc(1500, 7)],
  ];
  const image = imageFiles();
  const layout: Files = [
    ['images/index.json', Buffer.from('{}')],
    ['images/manifest.json', Buffer.from('[]')],
    ['images/oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
  ];
  const golang = { kind: 'image', name: 'golang:1.17', upstream: 'docker.io/library/golang:1.17' } as const;
  const objects = [objectOf({}, git), objectOf({ ...golang, digest: image.digest }, image.files)];
  const contents: Contents = {
    ...{ format: 'moby-build bundle', version: 1 },
    builds: [
      {
        ref: 'v20.10.24',
        commit: 'b'.repeat(40),
        arch: 'arm64',
        target: 'binary',
        options: { suite: null, lean: false, without: [], components: {}, buildArgs: {} },
        needs: objects.map(keyOf),
        gaps: [],
      },
    ],
    objects,
    since: [],
    expects: [],
  };
  return { contents, files: [...git, ...image.files, ...layout].sort(([one], [two]) => comparePaths(one, two)) };
}

/** The files as they lie in a bundle, with the two lists before them. */
export function listed(contents: Contents, files: Files): Files {
  const text = Buffer.from(contentsText(contents));
  const sums = new Map([[CONTENTS_PATH, sha256(text)], ...files.map(([path, data]) => [path, sha256(data)] as const)]);
  return [[CONTENTS_PATH, text], [SUMS_PATH, Buffer.from(sumsText(sums))], ...files];
}

/** The bytes of a bundle of these files, whatever they are. */
export async function tarOf(files: Files): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(
    files.map(([path, data]) => ({ path, bytes: data.length, open: () => inChunks(data) })),
  ))
    parts.push(part);
  return Buffer.concat(parts);
}

/** A buffer as a stream of pieces, which end anywhere. */
export async function* inChunks(data: Uint8Array, size = 700): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < data.length; at += size) yield await Promise.resolve(data.subarray(at, at + size));
}
