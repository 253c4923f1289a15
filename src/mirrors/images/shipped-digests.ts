import * as z from 'zod';
import data from './digests.json' with { type: 'json' };

/** `sha256:` and 64 digits in lower case: what an image's manifest or index hashes to. */
export const imageDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/u, 'is sha256: and 64 digits in lower case');

/** One tag whose digest is publicly documented. */
const rowSchema = z.strictObject({
  /** With registry and `library/`: `docker.io/tonistiigi/xx:1.6.1`. */
  reference: z.string().regex(/^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+:[\w][\w.-]*$/u),
  /** Of the index (the manifest list) that stands behind the tag. */
  digest: imageDigest,
  /** The day on which the newest of the sources says so. */
  seen: z.iso.date(),
  sources: z.array(z.url()).min(1),
});

export const digestTableSchema = z.strictObject({
  schema: z.literal('moby-build/image-digests/v1'),
  images: z.array(rowSchema),
});

export type ShippedDigest = z.infer<typeof rowSchema>;

/**
 * The table that comes with the product. It holds tags that are made once (`tonistiigi/xx` has a tag for each release); those of
 * golang and debian are made anew whenever their base is, so no digest of theirs stays right.
 * Throws ZodError when the data file is broken, which is a defect of the package.
 */
export function shippedDigests(): readonly ShippedDigest[] {
  return digestTableSchema.parse(data).images;
}
