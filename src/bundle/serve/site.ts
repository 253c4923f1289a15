import * as z from 'zod';
import { familiarReference, parseImageReference } from '../../image-reference.ts';
import { listedFiles, type ListedFile } from '../apt/release.ts';
import type { BundleObject } from '../format/contents.ts';
import { bytesOfFile, type LocatedBundle } from '../locate-files.ts';

/** Manifests and indexes are far smaller. */
const MOST_BYTES_OF_MANIFEST = 4 * 1024 * 1024;

/** What of a bundle has to be known to serve it, without its large files. */
export interface Site {
  readonly files: LocatedBundle['files'];
  /** digest → media type, of the blobs that are manifests or indexes. */
  readonly manifests: ReadonlyMap<string, string>;
  /** `library/golang:1.17` → digest; each image under every name that tools ask for. */
  readonly tags: ReadonlyMap<string, string>;
  /** Directory of a suite, as a path in the bundle with a slash at its end → the files that its InRelease lists. */
  readonly suites: ReadonlyMap<string, readonly ListedFile[]>;
}

const manifest = z.object({
  mediaType: z.string().optional(),
  manifests: z.array(z.unknown()).optional(),
  layers: z.array(z.unknown()).optional(),
});

/** Reads the small files of a bundle that say how the others are asked for. */
export async function readSite(bundle: LocatedBundle): Promise<Site> {
  const { files, verified } = bundle;
  const images = verified.contents.objects.filter(({ kind }) => kind === 'image');
  const manifests = new Map<string, string>();
  for (const path of new Set(images.flatMap((image) => image.files))) {
    const place = files.get(path);
    if (place === undefined || place.bytes > MOST_BYTES_OF_MANIFEST) continue;
    const type = typeOf(await bytesOfFile(place));
    if (type !== null) manifests.set(path.replace('images/blobs/', '').replace('/', ':'), type);
  }
  const suites = new Map<string, readonly ListedFile[]>();
  for (const [path, place] of files)
    if (/^apt\/.*\/InRelease$/u.test(path))
      suites.set(path.replace(/InRelease$/u, ''), listedFiles((await bytesOfFile(place)).toString('utf8')));
  return { files, manifests, tags: new Map(images.flatMap(namesOf)), suites };
}

/** The media type of what is a manifest or an index; null for anything else. Pure. */
export function typeOf(body: Uint8Array): string | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
  const { data } = manifest.safeParse(value);
  if (data === undefined || (data.manifests === undefined && data.layers === undefined)) return null;
  return data.mediaType ?? `application/vnd.oci.image.${data.manifests === undefined ? 'manifest' : 'index'}.v1+json`;
}

/** An image is asked for with its registry and without, and Docker Hub's own ones without `library/`, too. */
function namesOf({ upstream, digest }: BundleObject): readonly (readonly [string, string])[] {
  const parsed = parseImageReference(upstream);
  if (parsed === null) return [];
  const { host, repository, suffix } = parsed;
  const names = [`${repository}${suffix}`, `${host}/${repository}${suffix}`, familiarReference(parsed)];
  return names.map((name) => [name, digest] as const);
}
