import * as z from 'zod';
import type { BundleObject } from '../format/contents.ts';

/** An OCI layout names each blob by its own digest (image-spec, image-layout.md, "Blobs"). */
const BLOB = /^images\/blobs\/sha256\/([0-9a-f]{64})$/u;

const descriptor = z.object({ digest: z.string(), size: z.int().min(0) });
const index = z.object({ manifests: z.array(descriptor) });
const manifest = z.object({ config: descriptor, layers: z.array(descriptor) });

/** The 64 hex digits that a path says its bytes have; null for a path of no blob. Pure. */
export function blobOf(path: string): string | null {
  return BLOB.exec(path)?.[1] ?? null;
}

/** What of the blobs of a bundle is known once all of them were read. */
export interface Blobs {
  /** hex → bytes */
  readonly sizes: ReadonlyMap<string, number>;
  /** hex → text of those that may be an index or a manifest */
  readonly texts: ReadonlyMap<string, string>;
}

/** With those that an older bundle has: hex → bytes. */
type AllBlobs = Blobs & { readonly elsewhere: ReadonlyMap<string, number> };

/**
 * Whether an image is whole: its index or manifest, one manifest of the index at least, and of each manifest the configuration and all
 * layers, in the size that the manifest says. An index keeps the platforms that are not in the bundle: its digest is the pin. Pure.
 *
 * @returns one sentence for each fault
 */
export function imageFaults({ name, digest }: BundleObject, blobs: AllBlobs): readonly string[] {
  if (blobs.elsewhere.has(hexOf(digest))) return [];
  const parsed = parse(blobs, digest);
  if (parsed === null) return [`image ${name}: its manifest ${digest} is missing or no manifest`];
  const list = index.safeParse(parsed).data?.manifests;
  if (list === undefined) return manifestFaults(name, digest, parsed, blobs);
  const here = list.filter((each) => bytesOf(blobs, each.digest) !== undefined);
  if (here.length === 0) return [`image ${name}: no platform of ${digest} is in the bundle`];
  return here.flatMap((each) => [
    ...sizeFaults(name, each, blobs),
    ...(blobs.elsewhere.has(hexOf(each.digest))
      ? []
      : manifestFaults(name, each.digest, parse(blobs, each.digest), blobs)),
  ]);
}

function manifestFaults(name: string, digest: string, parsed: unknown, blobs: AllBlobs): readonly string[] {
  const { data } = manifest.safeParse(parsed);
  if (data === undefined) return [`image ${name}: ${digest} is no manifest of an image`];
  return [data.config, ...data.layers].flatMap((each) => sizeFaults(name, each, blobs));
}

function bytesOf({ sizes, elsewhere }: AllBlobs, digest: string): number | undefined {
  return sizes.get(hexOf(digest)) ?? elsewhere.get(hexOf(digest));
}

function sizeFaults(name: string, { digest, size }: z.infer<typeof descriptor>, blobs: AllBlobs): readonly string[] {
  const bytes = bytesOf(blobs, digest);
  if (bytes === undefined) return [`image ${name}: ${digest} is missing`];
  return bytes === size
    ? []
    : [`image ${name}: ${digest} has ${String(bytes)} bytes, and its manifest says ${String(size)}`];
}

function parse({ texts }: Blobs, digest: string): unknown {
  const text = texts.get(hexOf(digest));
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function hexOf(digest: string): string {
  return digest.replace(/^sha256:/u, '');
}
