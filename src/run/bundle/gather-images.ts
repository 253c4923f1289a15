import { blobPath, type LayoutImage, type LayoutManifest } from '../../bundle/make/image-layout.ts';
import type { Part, Parts } from '../../bundle/make/parts.ts';
import type { BundleFile } from '../../bundle/make/write-bundle.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { familiarReference, parseImageReference } from '../../image-reference.ts';
import type { LockedImage } from '../../lockfile/lock-file.ts';
import type { ImagePlace, ImageWish } from '../../mirrors/images/wish.ts';
import { openRepository } from '../../mirrors/requests/registry-session.ts';
import { NEXT } from '../../next-command.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { wishesOf } from '../plan/image-wishes-of.ts';
import { askerOf } from '../prepare/network.ts';
import type { Io } from '../stage/io.ts';
import type { Compared } from '../stage/stages.ts';
import { Bringing, CONFIG_BYTES } from './bring-blobs.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered } from '../../bundle/make/gathered.ts';

/** One image for one platform, and the registries that may serve it, the chosen one first. */
interface WantedImage {
  readonly image: LockedImage;
  readonly places: readonly ImagePlace[];
}

/** An image as it came: all of its blobs are parts. */
interface Arrived {
  readonly top: Part & { readonly mediaType: string };
  readonly manifest: LayoutManifest;
  /** Paths in the bundle. */
  readonly files: readonly string[];
}

/**
 * Brings the images and frontends of the plan, for the platforms that it takes, by the digests that were settled when it was made: whoever
 * serves a blob, its digest decides.
 *
 * @throws MobyBuildError `image-not-served` (5) where no registry has all of one
 */
export async function gatherImages(from: Compared, io: Io, parts: Parts): Promise<Gathered> {
  const wishes = await wishesOf(from, io);
  const gathered: Gathered[] = [{ ...NOTHING_GATHERED, gaps: unpinned(from, wishes) }];
  for (const image of from.images) {
    const wish = wishes.find(({ kind, reference }) => kind === image.kind && reference === image.reference);
    const places = (wish?.places ?? []).toSorted(
      (a, b) => Number(b.name === image.mirror) - Number(a.name === image.mirror),
    );
    gathered.push(await gatherOne(from, io, parts, { image, places }));
  }
  return together(gathered);
}

/** Images that the plan leaves with a tag: what such a build gets nobody can say. Pure. */
function unpinned({ scan, resolutions, images, pins }: Compared, wishes: readonly ImageWish[]): readonly Gap[] {
  return scan.points.flatMap((point, index): Gap[] => {
    const via = resolutions.points[index]?.via;
    if ((point.kind !== 'image' && point.kind !== 'frontend') || !point.inClosure || via === 'dropped') return [];
    const held = wishes.some(
      ({ kind, reference, platforms }) =>
        platforms.some(({ points }) => points.includes(point.id)) &&
        images.some((image) => image.kind === kind && image.reference === reference),
    );
    if (pins.has(point.id) || held) return [];
    return [{ kind: 'image', name: point.url, reason: MESSAGES.imageByTagOnly }];
  });
}

async function gatherOne(from: Compared, io: Io, parts: Parts, { image, places }: WantedImage): Promise<Gathered> {
  const reasons: string[] = [];
  for (const place of places) {
    throwIfStopping();
    const found = await arriveFrom(from, io, parts, image, place);
    if (typeof found !== 'string') return gatheredOf(image, found, parts);
    reasons.push(`  ${place.name}: ${found}`);
  }
  throw new MobyBuildError({
    code: 'image-not-served',
    exitCode: EXIT.network,
    message: `No registry serves all of ${image.reference} for ${image.platform}:\n${reasons.join('\n')}`,
    where: image.reference,
    hint: 'What has come is kept, and is not fetched again.',
    command: NEXT.again(),
  });
}

/** Brings one image from one registry. @returns why it does not have all of it */
async function arriveFrom(
  from: Compared,
  io: Io,
  parts: Parts,
  { digest, platform, reference }: LockedImage,
  place: ImagePlace,
): Promise<Arrived | string> {
  // A new one for each image: its time for questions begins now.
  const opened = openRepository(place.reference, await askerOf(from));
  if (opened === null) return 'its name is a variable';
  const bring = new Bringing(opened.session, parts, place.name, (bytes) => {
    io.say(MESSAGES.fetchingBlob(reference, bytes));
  });
  const top = await bring.manifest(digest);
  if (typeof top === 'string') return top;
  const own = await bring.own(top, platform);
  if (typeof own === 'string') return own;
  for (const blob of [{ digest: own.manifest.config, size: CONFIG_BYTES }, ...own.manifest.layers]) {
    const fault = await bring.blob(blob.digest, blob.size);
    if (fault !== null) return fault;
  }
  const { config, layers } = own.manifest;
  const digests = [digest, own.digest, config, ...layers.map((layer) => layer.digest)];
  return {
    top: { ...top.part, mediaType: top.mediaType },
    manifest: { platform, digest: own.digest, config, layers: layers.map((layer) => layer.digest) },
    files: [...new Set(digests)].map(blobPath).sort(),
  };
}

async function gatheredOf(image: LockedImage, { top, manifest, files }: Arrived, parts: Parts): Promise<Gathered> {
  const found = await Promise.all(files.map(async (path) => [path, await parts.find(path)] as const));
  const all = new Map(
    found.flatMap(([path, part]): [string, BundleFile][] =>
      part === null ? [] : [[path, { ...part, from: parts.at(path) }]],
    ),
  );
  const parsed = parseImageReference(image.reference);
  const name = parsed === null ? image.reference : familiarReference(parsed);
  const operators = [...new Set(image.operators.map(({ operator }) => operator))];
  const layout: LayoutImage = {
    ...{ name, reference: image.reference },
    top: { digest: image.digest, bytes: top.bytes, mediaType: top.mediaType },
    manifests: [manifest],
  };
  return {
    ...NOTHING_GATHERED,
    objects: [
      {
        ...{ kind: 'image', name, upstream: image.reference, digest: image.digest },
        ...parts.servedBy(blobPath(image.digest)),
        witness: image.basis === 'trusted' ? null : MESSAGES.digestBasis(image.basis, operators, image.witnesses),
        bytes: [...all.values()].reduce((sum, { bytes }) => sum + bytes, 0),
        files: [...files],
      },
    ],
    files: all,
    images: [layout],
  };
}
