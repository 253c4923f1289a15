import { shortDigest } from '../../mirrors/images/ask-image.ts';
import { voicesOf, type DocumentedDigest } from '../../mirrors/catalogue/documented.ts';
import type { ImageWish } from '../../mirrors/images/wish.ts';
import type { Note } from '../../types.ts';

/** The public texts that name a digest for an image's tag, as manifest and lock file tell them. Pure. */
export function witnessesOf({ documented }: Pick<ImageWish, 'documented'>, digest: string): readonly string[] {
  const mine = documented?.digests.find((each) => each.digest === digest);
  return mine === undefined ? [] : textsOf(mine);
}

/**
 * Tells that an image is not what is publicly written of its tag: a warning where it is known what the tag was last, else it may
 * have moved on since. Nothing where nothing is written, or it is that. Pure.
 */
export function documentedOtherwise({ reference, documented }: ImageWish, digest: string): readonly Note[] {
  const newest = documented?.digests.find(({ preferred }) => preferred);
  if (newest === undefined || newest.digest === digest) return [];
  const by = voicesOf(newest).join(', ');
  const when = newest.seen === null ? '' : ` (${newest.seen})`;
  return [
    {
      level: newest.last ? 'warning' : 'info',
      code: 'image-contradicted',
      message: `${reference} is taken as ${shortDigest(digest)}; it is publicly documented as ${shortDigest(newest.digest)}, by ${by}${when}.`,
      hint: newest.last ? `--image NAME=REF@${newest.digest} takes the documented one.` : undefined,
    },
  ];
}

/** One line for a refusal: what is written of an image of which the mirrors say too little. Pure. */
export function documentedLines({ documented }: ImageWish): readonly string[] {
  const newest = documented?.digests.find(({ preferred }) => preferred);
  return newest === undefined ? [] : [`publicly documented: ${newest.digest}, by ${voicesOf(newest).join(', ')}`];
}

function textsOf({ sources, unnamed }: DocumentedDigest): readonly string[] {
  const named = sources.map(({ at, copyOf }) => (copyOf === undefined ? at : `${at} (a copy of ${copyOf})`));
  return [...named, ...(unnamed > 0 ? ['a public file of unknown origin'] : [])];
}
