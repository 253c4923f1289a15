import { witnessOf } from '../catalogue/documented.ts';
import { areIndependent } from './independence.ts';
import type { ImagePlace, ImageWish, KnownDigest, Statement } from './wish.ts';

/**
 * Why a digest is believed. `table`: public sources name it, enough of them by themselves; `official`: the official registry, which the user chose;
 * `operators`: two of them, independent; `documented`: one of them and a public source.
 */
export const DIGEST_BASES = [
  'user',
  'tree',
  'lock',
  'table',
  'official',
  'operators',
  'documented',
  'trusted',
] as const;
export type DigestBasis = (typeof DIGEST_BASES)[number];

/** What an image is, and who serves it. */
export interface SettledImage {
  readonly is: 'settled';
  readonly digest: string;
  readonly basis: DigestBasis;
  /** Those who have it under this digest. */
  readonly voices: readonly Statement[];
  /** By platform: the first place that has it. */
  readonly chosen: ReadonlyMap<string, ImagePlace>;
  /** Places that stand before the chosen ones, or say otherwise. */
  readonly skipped: readonly Statement[];
}

/** `unserved`: nobody has the known digest, or nobody has the image; `unknown`: nobody who can be believed says what it is. */
export interface RefusedImage {
  readonly is: 'refused';
  readonly why: 'unserved' | 'unknown' | 'contradicted' | 'platform';
  readonly statements: readonly Statement[];
}

/**
 * Decides what an image is from what its places said. A known digest stands, whoever says otherwise. A trusted image is what its
 * first place says. The official registry is believed alone where the user chose it. Else two independent witnesses must name the
 * same digest, operators or one operator and a public source, no two others another, and the official registry, where it answered,
 * no other. Pure.
 */
export function settle(wish: ImageWish, statements: readonly Statement[]): SettledImage | RefusedImage {
  const refused = (why: RefusedImage['why']): RefusedImage => ({ is: 'refused', why, statements });
  const answered = statements.filter(({ digest }) => digest !== null);
  if (wish.known !== null) return choose(wish, statements, wish.known.digest, wish.known.by);
  if (answered.length === 0) return refused('unserved');
  if (wish.trusted) {
    const whole = answered.find(({ lacking }) => Object.keys(lacking).length === 0);
    return whole === undefined || whole.digest === null
      ? refused('platform')
      : choose(wish, statements, whole.digest, 'trusted');
  }
  const official = answered.find(({ place }) => place.operator.key === 'official');
  if (official?.place.authority === true && official.digest !== null)
    return choose(wish, statements, official.digest, 'official');
  const agreed = [...new Set(answered.map(({ digest }) => digest))].filter((each) => {
    return isBorneOut(wish, each) || isNamedByTwo(wish, answered, each);
  });
  const [digest] = agreed;
  if (digest === undefined || digest === null) return refused('unknown');
  if (agreed.length > 1 || (official !== undefined && official.digest !== digest)) return refused('contradicted');
  return choose(wish, statements, digest, isNamedByTwo(wish, answered, digest) ? 'operators' : 'documented');
}

/** Whether a public source names the digest that a mirror has behind the tag. */
function isBorneOut({ documented }: ImageWish, digest: string | null): boolean {
  return documented !== null && digest !== null && witnessOf(documented, digest) !== undefined;
}

function isNamedByTwo({ places }: ImageWish, answered: readonly Statement[], named: string | null): boolean {
  const voices = answered.filter(({ digest }) => digest === named);
  return voices.some((one) => voices.some((other) => areIndependent(one, other, places)));
}

function choose(
  { platforms }: ImageWish,
  statements: readonly Statement[],
  digest: string,
  basis: KnownDigest['by'] | DigestBasis,
): SettledImage | RefusedImage {
  const voices = statements.filter((each) => each.digest === digest);
  if (voices.length === 0) return { is: 'refused', why: 'unserved', statements };
  const chosen = new Map<string, ImagePlace>();
  for (const { platform } of platforms) {
    const first = voices.find(({ lacking }) => lacking[platform] === undefined);
    if (first === undefined) return { is: 'refused', why: 'platform', statements };
    chosen.set(platform, first.place);
  }
  const last = Math.max(...[...chosen.values()].map((place) => statements.findIndex((each) => each.place === place)));
  const skipped = statements.filter(
    (each, index) =>
      ![...chosen.values()].includes(each.place) &&
      (index < last || (each.digest ?? (basis === 'table' ? each.tag : undefined) ?? digest) !== digest) &&
      !(each.digest === digest && Object.keys(each.lacking).length === 0),
  );
  return { is: 'settled', digest, basis, voices, chosen, skipped };
}
