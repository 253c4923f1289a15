/** An image of the bundle: what a tag is, and its manifests that are here. */
export interface LayoutImage {
  /** `golang:1.16.12-buster`, as docker calls it. */
  readonly name: string;
  /** `docker.io/library/golang:1.16.12-buster` */
  readonly reference: string;
  /** What the tag is: an index or a manifest. */
  readonly top: LayoutBlob & { readonly mediaType: string };
  /** By platform, in their order. */
  readonly manifests: readonly LayoutManifest[];
}

export interface LayoutBlob {
  /** `sha256:…` */
  readonly digest: string;
  readonly bytes: number;
}

export interface LayoutManifest {
  /** `linux/arm64` */
  readonly platform: string;
  readonly digest: string;
  readonly config: string;
  readonly layers: readonly string[];
}

/** Where a blob lies in the bundle. Pure. */
export function blobPath(digest: string): string {
  return `images/blobs/${digest.replace(':', '/')}`;
}

/**
 * The files that make the blobs an OCI layout (image-spec, image-layout.md), and `manifest.json`, by which engines without containerd's image
 * store load it (moby's image/tarexport/load.go; docker save writes both since 25.0). Pure.
 *
 * A tag names one image in `manifest.json`. Of a tag with several platforms the first has it, and the others get the platform behind it.
 */
export function layoutFiles(images: readonly LayoutImage[]): ReadonlyMap<string, string> {
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(({ name, reference, top }) => ({
      mediaType: top.mediaType,
      digest: top.digest,
      size: top.bytes,
      annotations: { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': name },
    })),
  };
  const inLayout = (digest: string): string => blobPath(digest).replace(/^images\//u, '');
  const docker = images.flatMap(({ name, manifests }) =>
    manifests.map(({ platform, config, layers }, at) => ({
      Config: inLayout(config),
      RepoTags: [at === 0 ? name : `${name}-${platform.replace('linux/', '').replaceAll('/', '-')}`],
      Layers: layers.map(inLayout),
    })),
  );
  return new Map([
    ['images/index.json', `${JSON.stringify(index)}\n`],
    ['images/manifest.json', `${JSON.stringify(docker)}\n`],
    ['images/oci-layout', '{"imageLayoutVersion":"1.0.0"}\n'],
  ]);
}
