import { createHash } from 'node:crypto';
import * as z from 'zod';

/** The media types of what a tag may be (OCI image spec 1.1; Docker's older names). */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u);
const blob = z.object({ digest, size: z.number() });
const indexSchema = z.object({
  manifests: z.array(
    z.object({
      digest,
      platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
    }),
  ),
});
const manifestSchema = z.object({ config: blob, layers: z.array(blob).min(1) });

/** What a tag is at a registry. */
export type Manifest =
  | { readonly is: 'index'; readonly platforms: readonly { readonly platform: string; readonly digest: string }[] }
  | { readonly is: 'image'; readonly config: string; readonly layers: readonly z.infer<typeof blob>[] };

/** Reads a manifest or an index; null: it is neither. */
export function parseManifest(body: Uint8Array): Manifest | null {
  const value = json(body);
  const index = indexSchema.safeParse(value);
  if (index.success) {
    const platforms = index.data.manifests.flatMap(({ digest: at, platform }) =>
      platform === undefined ? [] : [{ platform: `${platform.os}/${platform.architecture}`, digest: at }],
    );
    return { is: 'index', platforms };
  }
  const image = manifestSchema.safeParse(value);
  return image.success ? { is: 'image', config: image.data.config.digest, layers: image.data.layers } : null;
}

/** What it says that it is; the oldest say nothing, and are what they look like (OCI image spec, "mediaType"). Pure. */
export function mediaTypeOf(body: Uint8Array, { is }: Manifest): string {
  const said = z.object({ mediaType: z.string() }).safeParse(json(body)).data?.mediaType;
  return said ?? `application/vnd.oci.image.${is === 'index' ? 'index' : 'manifest'}.v1+json`;
}

/** `linux/arm64` of an image's configuration; null: it does not say. */
export function platformOf(config: Uint8Array): string | null {
  const parsed = z.object({ os: z.string().default('linux'), architecture: z.string() }).safeParse(json(config));
  return parsed.success ? `${parsed.data.os}/${parsed.data.architecture}` : null;
}

/** The name that content has by what it is. */
export function digestOf(body: Uint8Array): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}
