import * as z from 'zod';
import type { BundleObject } from '../format/contents.ts';
import { bytesOfFile, type LocatedBundle } from '../locate-files.ts';
import { blobPath } from '../make/image-layout.ts';

/** An image of a bundle for one platform. */
export interface BundledImage {
  /** What the patched tree calls it. */
  readonly name: string;
  /** Digests: of its manifest, its configuration and its layers. */
  readonly manifest: string;
  readonly mediaType: string;
  readonly config: string;
  readonly layers: readonly string[];
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u);
const descriptor = z.object({ digest });
const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const index = z.object({ manifests: z.array(descriptor.extend({ platform: platform.optional() })) });
const manifest = z.object({ mediaType: z.string().optional(), config: descriptor, layers: z.array(descriptor) });

/** No server has a name below .invalid (RFC 2606), so an image that an engine does not have is asked of nobody. */
export const NOWHERE = 'bundle.invalid';

/**
 * What the patched tree calls an image of a bundle: its own name and tag, and behind them the digest of its manifest, because an engine finds an image
 * that was loaded by its tag alone. The same image has the same name in every bundle. Pure.
 *
 * @param reference `bundle.invalid/library/golang:1.16.12-buster`
 * @returns null where no tag could hold it (distribution/reference: 128 characters)
 */
export function nameWithDigest(reference: string, manifestDigest: string): string | null {
  const hex = manifestDigest.replace(/^sha256:/u, '');
  const at = reference.lastIndexOf(':');
  const tagged = at > reference.lastIndexOf('/');
  const tag = tagged ? `${reference.slice(at + 1)}-${hex}` : hex;
  return tag.length > 128 ? null : `${tagged ? reference.slice(0, at) : reference}:${tag}`;
}

/**
 * Reads the manifest of a platform out of a bundle whose blobs were verified.
 *
 * @param wanted `linux/arm64`
 * @returns null where the bundle has no such platform of it
 */
export async function imageFor(
  bundle: LocatedBundle,
  object: Pick<BundleObject, 'digest'>,
  wanted: string,
): Promise<Omit<BundledImage, 'name'> | null> {
  const top = await readBlob(bundle, object.digest);
  const list = index.safeParse(top).data?.manifests;
  const own = list?.find((each) => each.platform !== undefined && isPlatform(each.platform, wanted))?.digest;
  const at = list === undefined ? object.digest : own;
  const { data } = manifest.safeParse(
    at === undefined ? null : at === object.digest ? top : await readBlob(bundle, at),
  );
  if (at === undefined || data === undefined) return null;
  const mediaType = data.mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
  const layers = data.layers.map((layer) => layer.digest);
  if (![data.config.digest, ...layers].every((each) => bundle.files.has(blobPath(each)))) return null;
  return { manifest: at, mediaType, config: data.config.digest, layers };
}

function isPlatform({ os, architecture, variant }: z.infer<typeof platform>, wanted: string): boolean {
  const plain = `${os}/${architecture}`;
  return wanted === plain || wanted === `${plain}/${variant ?? ''}`;
}

async function readBlob(bundle: LocatedBundle, of: string): Promise<unknown> {
  const place = bundle.files.get(blobPath(of));
  if (place === undefined) return null;
  try {
    return JSON.parse((await bytesOfFile(place)).toString('utf8'));
  } catch {
    return null;
  }
}
