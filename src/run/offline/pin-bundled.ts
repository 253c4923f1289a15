import { imageFor, nameWithDigest, NOWHERE, type BundledImage } from '../../bundle/use/bundled-image.ts';
import { objectsFor } from '../../bundle/use/needs.ts';
import type { LockedImage } from '../../lockfile/lock-file.ts';
import type { ImagePin } from '../../mirrors/candidates/pins.ts';
import type { ImageWish } from '../../mirrors/images/wish.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Pinned } from '../stage/stages.ts';
import { BUNDLE_MIRROR } from './bundle-mirrors.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/**
 * The images of the closure as the bundle has them. What it lacks stays without a pin, and `requireBundled` names it with all else.
 *
 * @param wishes as the plan has them
 */
export async function pinBundled(
  { located, build }: UsedBundle,
  wishes: readonly ImageWish[],
): Promise<Pick<Pinned, 'images' | 'pins'> & { readonly bundled: readonly BundledImage[] }> {
  const images: LockedImage[] = [];
  const pins = new Map<string, ImagePin>();
  const bundled = new Map<string, BundledImage>();
  const objects = objectsFor(located.verified.contents, build);
  for (const { kind, name, reference, platforms, known, pinnable } of wishes) {
    const object = objects.find((each) => each.kind === 'image' && each.upstream === reference);
    const isOther = known !== null && known.by !== 'table' && known.digest !== object?.digest;
    if (object === undefined || isOther || !pinnable) continue;
    for (const { platform, points } of platforms) {
      const image = await imageFor(located, object, platform);
      const to = image === null ? null : nameWithDigest(nowhere(reference), image.manifest);
      if (image === null || to === null) continue;
      bundled.set(to, { ...image, name: to });
      const { digest } = object;
      const who = { mirror: BUNDLE_MIRROR, operators: [], witnesses: [] };
      images.push({ kind, name, reference, platform, digest, basis: 'lock', ...who });
      const pin: ImagePin = {
        ...{ via: 'mirror', mirror: BUNDLE_MIRROR, to, candidate: null },
        reason: MESSAGES.imageOfBundle(digest),
      };
      for (const id of points) pins.set(id, pin);
    }
  }
  return { images, pins, bundled: [...bundled.values()] };
}

/** The same name at a host that cannot exist, also where `--image` named a registry. */
function nowhere(reference: string): string {
  return `${NOWHERE}/${reference.slice(reference.indexOf('/') + 1)}`;
}
