import * as z from 'zod';
import { familiarReference, parseImageReference } from '../../image-reference.ts';
import { witnessOf } from '../catalogue/documented.ts';
import type { DigestBasis } from './settle.ts';
import type { ImageWish, KnownDigest } from './wish.ts';

/** An object that a run without network takes and does not find on this machine. */
export interface Lack {
  readonly kind: string;
  readonly name: string;
  /** What is wrong with what is there; empty: nothing is there. */
  readonly why: string;
  /** What would supply it. */
  readonly supply: string;
}

/** An image that the engine has already. */
export interface EngineImage {
  /** What the patched tree calls it: a name that no registry can have. */
  readonly name: string;
  /** As the engine calls it: the digest of its configuration, or, with containerd's image store, of its manifest. */
  readonly id: string;
  /** What the tree calls it, and for which platform it is: `linux/arm64`. */
  readonly reference: string;
  readonly platform: string;
}

/** What `docker image inspect` says of an image. */
const inspected = z.object({
  Id: z.string().regex(/^sha256:[0-9a-f]{64}$/u),
  RepoDigests: z.array(z.string()).nullish(),
  Os: z.string(),
  Architecture: z.string(),
  Variant: z.string().nullish(),
});
export type InspectedImage = z.infer<typeof inspected>;

/** Reads `docker image inspect --format '{{json .}}'`; null where that is something else. Pure. */
export function readInspected(text: string): InspectedImage | null {
  try {
    return inspected.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The names under which an engine may have an image: its own, those that mirrors give it, and an id of the user's. Pure. */
export function namesInEngine({ reference, places, known }: ImageWish): readonly string[] {
  const own = parseImageReference(reference);
  const names = [own === null ? reference : familiarReference(own), ...places.map((place) => place.reference)];
  // An image without a name has its id.
  return [...new Set([...names, ...(known === null ? [] : [known.digest])])];
}

type Basis = KnownDigest['by'] | DigestBasis;

/** An image whose digest an earlier run has settled. */
interface SettledBefore extends Pick<ImageWish, 'kind' | 'reference'> {
  readonly platform: string;
  readonly digest: string;
  readonly basis: Basis;
}

export type Vouched =
  | { readonly digest: string; readonly basis: Basis }
  /** `isOther`: it is for another platform, so nobody's word makes it the one that is wanted. */
  | { readonly refused: string; readonly isOther: boolean };

/**
 * Who says that an image of the engine is the one that is wanted. A tag says nothing: whoever loads an image chooses it. An engine keeps the digest of
 * what it has pulled (RepoDigests); of what was loaded it has the id alone, which no public table names. Pure.
 *
 * @param kept what earlier runs have settled
 */
export function vouch(
  {
    known,
    kind,
    reference,
    trusted,
    documented,
  }: Pick<ImageWish, 'known' | 'kind' | 'reference' | 'trusted' | 'documented'>,
  platform: string,
  image: InspectedImage,
  kept: readonly SettledBefore[],
): Vouched {
  const { Id, RepoDigests } = image;
  if (!isPlatform(image, platform)) return { refused: `it is for ${image.Os}/${image.Architecture}`, isOther: true };
  const digests = [Id, ...(RepoDigests ?? []).map((each) => each.slice(each.lastIndexOf('@') + 1))];
  if (known !== null && digests.includes(known.digest)) return { digest: known.digest, basis: known.by };
  const before = kept.find(
    (each) =>
      each.kind === kind && each.reference === reference && each.platform === platform && each.basis !== 'trusted',
  );
  if (known === null && before !== undefined && digests.includes(before.digest))
    return { digest: before.digest, basis: before.basis };
  // As with mirrors (settle.ts): the server that it was pulled from, and a public text, say the same.
  const witnessed = digests.find(
    (each) => known === null && documented !== null && witnessOf(documented, each) !== undefined,
  );
  if (witnessed !== undefined) return { digest: witnessed, basis: 'documented' };
  if (trusted) return { digest: Id, basis: 'trusted' };
  const refused =
    known !== null && known.by !== 'table'
      ? `its id is ${Id}, and it must be ${known.digest}`
      : `nothing vouches for its id, ${Id}`;
  return { refused, isOther: false };
}

/** @param wanted `linux/arm64`, `linux/arm/v7` */
function isPlatform({ Os, Architecture, Variant }: InspectedImage, wanted: string): boolean {
  const [os, architecture, variant = ''] = wanted.split('/');
  const own = Variant ?? '';
  return Os === os && Architecture === architecture && (variant === '' || own === '' || variant === own);
}
