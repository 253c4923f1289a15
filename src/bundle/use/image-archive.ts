import type { Location } from '../locate-files.ts';
import { streamOf, type LocatedBundle } from '../locate-files.ts';
import { writeTar, type TarSource } from '../format/write-tar.ts';
import { comparePaths } from '../format/sums.ts';
import { blobPath } from '../make/image-layout.ts';
import type { BundledImage } from './bundled-image.ts';

/** A file of an image layout: text of ours, or a blob of the bundle. */
type Entry = { readonly path: string } & ({ readonly text: string } | { readonly place: Location });

/**
 * The files of an OCI layout with these images under the names of the patched tree, and the `manifest.json` by which engines without containerd's image
 * store load it (moby, image/tarexport/load.go). Pure but for the sizes that it looks up.
 */
export function layoutOf(bundle: LocatedBundle, images: readonly BundledImage[]): readonly Entry[] {
  const blob = (digest: string): string => blobPath(digest).replace(/^images\//u, '');
  const sizeOf = (digest: string): number => bundle.files.get(blobPath(digest))?.bytes ?? 0;
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(({ name, manifest, mediaType }) => ({
      ...{ mediaType, digest: manifest, size: sizeOf(manifest) },
      annotations: {
        'io.containerd.image.name': name,
        'org.opencontainers.image.ref.name': tagOf(name),
      },
    })),
  };
  const docker = images.map(({ name, config, layers }) => ({
    Config: blob(config),
    RepoTags: [name],
    Layers: layers.map(blob),
  }));
  const digests = new Set(images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]));
  const blobs = [...digests].flatMap((digest): Entry[] => {
    const place = bundle.files.get(blobPath(digest));
    return place === undefined ? [] : [{ path: blob(digest), place }];
  });
  return [
    ...blobs,
    { path: 'index.json', text: `${JSON.stringify(index)}\n` },
    { path: 'manifest.json', text: `${JSON.stringify(docker)}\n` },
    { path: 'oci-layout', text: '{"imageLayoutVersion":"1.0.0"}\n' },
  ];
}

/** The tag of a name of the patched tree. Pure. */
export function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** That layout as `docker load` takes it, read out of the bundle as it goes. */
export function archiveOf(
  bundle: LocatedBundle,
  images: readonly BundledImage[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const sources = layoutOf(bundle, images).map((entry): TarSource => ({
    path: entry.path,
    bytes: 'text' in entry ? Buffer.byteLength(entry.text) : entry.place.bytes,
    open: () => bytesOf(entry),
  }));
  return writeTar(sources.toSorted((one, other) => comparePaths(one.path, other.path)));
}

/** The bytes of a file of the layout. */
export function bytesOf(entry: Entry): AsyncIterable<Uint8Array> {
  return 'text' in entry ? onlyText(entry.text) : streamOf(entry.place);
}

async function* onlyText(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(Buffer.from(text));
}
