import { buildArchOf } from './build-arch.ts';
import { imageWishes } from '../../mirrors/images/image-wishes.ts';
import { shippedDigests } from '../../mirrors/catalogue/documented.ts';
import type { ImageWish } from '../../mirrors/images/wish.ts';
import { decideSuite } from '../../mirrors/resolve/resolve-suite.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { decide } from './make-plan.ts';
import { mirrorWishes } from './mirror-wishes.ts';
import type { Io } from '../stage/io.ts';
import type { Measured } from '../stage/stages.ts';

/** The images of this run whose digest has to be known. Throws as `imageWishes` and `decide` say. */
export async function wishesOf(from: Measured, io: Io): Promise<readonly ImageWish[]> {
  const { options, locking, scan } = from;
  const locked = locking.is === 'free' ? [] : locking.lock.images;
  const own = from.catalogue.digests ?? [];
  const documented = new Map([...shippedDigests(), ...own].map((image) => [image.reference, image]));
  const wishes = imageWishes({
    ...mirrorWishes(from, scan),
    decided: await decide(from, io, scan, { pins: undefined }),
    suite: decideSuite(scan.facts, options.images, options.suite ?? undefined).target?.codename,
    arch: options.arch,
    buildArch: buildArchOf(from),
    trusted: options.trustImages,
    locked: (reference) => locked.find((image) => image.reference === reference),
    documented: (reference) => documented.get(reference),
  });
  const names = [...new Set(wishes.map(({ name }) => name))];
  const idle = options.trustImages.filter((name) => name !== '*' && !names.includes(name));
  // No error: another target or profile of the same configuration file may take it.
  if (names.length > 0 && idle.length > 0)
    io.note({ level: 'warning', code: 'trusts-nothing', message: MESSAGES.trustsNothing(idle, names) });
  return wishes;
}
