import { join, dirname } from 'node:path';
import type { BundledImage } from './bundled-image.ts';
import { tagOf } from './image-archive.ts';

/** Where the images of a bundle lie for a builder that is not the engine. Pure. */
export function layoutDir(logFile: string): string {
  return join(dirname(logFile), 'bundle-images');
}

/**
 * What `--build-context` is told, so that a builder takes images from a folder of the client, wherever the builder runs (docker/buildx,
 * docs/reference/buildx_build.md, "Use an OCI layout directory"). A tag and a digest: buildx 0.33 knew no digest alone (docker/buildx#3793). Pure.
 */
export function imageContexts(images: readonly BundledImage[], logFile: string): readonly string[] {
  return images.map(({ name, manifest }) => `${name}=oci-layout://${layoutDir(logFile)}:${tagOf(name)}@${manifest}`);
}
