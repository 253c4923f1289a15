import type { EgressPoint, MirrorKind } from '../../types.ts';
import { candidatesOf, type Candidate } from '../candidates/candidates.ts';
import { carriesImage } from '../catalogue/catalogue.ts';
import { frontendCandidates } from '../candidates/frontend-candidates.ts';
import { isDropped, isOfHost } from '../resolve/asked-points.ts';
import { imageGiven, imageNames } from '../candidates/given-images.ts';
import { familiarReference, imageName, parseImageReference, splitDigest } from '../../image-reference.ts';
import { originalOf } from '../catalogue/originals.ts';
import { nameOf } from '../candidates/locate.ts';
import { imagePlatform, movedReference } from '../candidates/need.ts';
import type { Resolutions } from '../resolve/resolutions.ts';
import type { ResolveInput } from '../resolve/resolve-tree.ts';
import { expandImageTemplate } from '../catalogue/template.ts';
import { knownDigest, type DocumentedImage } from '../catalogue/documented.ts';
import { operatorOf } from '../candidates/operator.ts';
import type { ImagePlace, ImageWish, KnownDigest } from './wish.ts';

export interface WishesInput extends Pick<
  ResolveInput,
  'scan' | 'profile' | 'catalogue' | 'overrides' | 'images' | 'frontend' | 'suite' | 'order'
> {
  /** What the plan decides for each point: of one that it drops nothing has to be known. */
  readonly decided: Pick<Resolutions, 'points'>;
  /** GOARCH that is built for, and that of the machine that builds. */
  readonly arch: string;
  readonly buildArch: string;
  /** `--trust-image`: names of images, `*` for all. */
  readonly trusted: readonly string[];
  /** What the lock file has of a reference (`docker.io/library/golang:1.16.12-buster`): who served it goes first. */
  readonly locked: (reference: string) => { readonly digest: string; readonly mirror: string } | undefined;
  /** What is publicly written of a reference. */
  readonly documented: (reference: string) => DocumentedImage | undefined;
}

/**
 * The images and frontends of the closure whose digest has to be known, each with the registries that may serve it. A point that
 * is dropped, and one about which the profile decides nothing (`direct`, `163`), needs none. Pure.
 * Throws MobyBuildError as `frontendCandidates` and `candidatesOf` say (2).
 */
export function imageWishes(input: WishesInput): readonly ImageWish[] {
  const { scan, catalogue } = input;
  const list = (kind: MirrorKind): readonly Candidate[] =>
    candidatesOf(kind, input.profile, catalogue, input.overrides);
  const names = imageNames(scan, catalogue, list('image'));
  const wishes = new Map<string, ImageWish>();
  for (const point of scan.points) {
    if (!point.inClosure || (point.kind !== 'image' && point.kind !== 'frontend')) continue;
    if (isDropped(input.decided, point.id) || isOfHost(input.decided, point.id)) continue;
    const wish = wishOf(point, names.get(point.id), input, list);
    if (wish === null) continue;
    const key = `${wish.kind} ${wish.reference} ${String(wish.pinnable)}`;
    const before = wishes.get(key);
    wishes.set(key, before === undefined ? wish : { ...before, platforms: together(before.platforms, wish.platforms) });
  }
  return [...wishes.values()];
}

function wishOf(
  point: EgressPoint,
  name: string | undefined,
  input: WishesInput,
  list: (kind: MirrorKind) => readonly Candidate[],
): ImageWish | null {
  const kind = point.kind === 'frontend' ? 'frontend' : 'image';
  const platforms = [{ platform: imagePlatform(point, input), points: [point.id] }];
  const candidates = kind === 'frontend' ? frontendCandidates(input.frontend, list('frontend')) : list('image');
  const { frontend } = input;
  const given = kind === 'image' ? imageGiven(input.images, name, point.anchor?.text) : frontend;
  if (given !== undefined && given !== 'builtin') {
    const written = splitDigest(point.anchor?.text ?? '');
    const { plain, digest } = splitDigest(given);
    const user = digest ?? (written.plain === plain ? written.digest : null);
    return complete(
      { ...nameAnd(name, plain), kind, platforms, places: [givenPlace(plain)], pinnable: true },
      user,
      'user',
      input,
    );
  }
  const templates = candidates.flatMap(({ template }) => (template === null ? [] : [{ template }]));
  const url = originalOf(
    kind,
    movedReference(point, input.scan.facts.suite, input.suite ?? null),
    input.catalogue,
    templates,
  );
  const { plain, digest } = splitDigest(url);
  const parsed = parseImageReference(plain);
  if (parsed === null || plain.includes('$') || candidates.length === 0) return null;
  const common = { ...nameAnd(name, plain), kind, platforms } as const;
  if (point.anchor === null) {
    const place = { ...givenPlace(familiarReference(parsed)), mirror: 'flag' };
    return complete({ ...common, places: [place], pinnable: false }, digest, 'user', input);
  }
  const ordered = input.order?.(kind, point.id, candidates) ?? candidates;
  // What a measurement left out may still say what the image is, and comes last.
  const rest = candidates.filter((each) => !ordered.some((other) => nameOf(other) === nameOf(each)));
  const all = [...ordered, ...rest].flatMap((each) => placeAt(each, plain, input.profile.measured === true));
  // Where the catalogue believes that nobody has it, nobody is chosen: the place is left, and that is told elsewhere.
  if (!all.some(({ carries }) => carries)) return null;
  const places = all.toSorted((a, b) => Number(b.carries) - Number(a.carries));
  return complete({ ...common, places, pinnable: true }, digest, 'tree', input);
}

function complete(
  wish: Omit<ImageWish, 'known' | 'trusted' | 'documented'>,
  digest: string | null,
  by: KnownDigest['by'],
  { trusted, locked, documented }: WishesInput,
): ImageWish {
  const isTrusted = trusted.includes('*') || trusted.includes(wish.name);
  const lock = locked(wish.reference);
  const written = isTrusted ? undefined : documented(wish.reference);
  const table = written === undefined ? undefined : knownDigest(written)?.digest;
  const known: KnownDigest | null =
    digest !== null
      ? { digest, by }
      : lock !== undefined
        ? { digest: lock.digest, by: 'lock' }
        : table !== undefined
          ? { digest: table, by: 'table' }
          : null;
  const served = (place: ImagePlace): number => Number(place.name !== lock?.mirror);
  const places = wish.places.toSorted((a, b) => served(a) - served(b));
  return { ...wish, places, known, documented: written ?? null, trusted: isTrusted };
}

/** The registry that `--image` names. Docker Hub, named so, is the official one by the user's own choice. */
function givenPlace(reference: string): ImagePlace {
  const official = parseImageReference(reference)?.host === 'docker.io';
  return {
    ...{ name: 'flag', via: 'mirror', mirror: 'flag', reference, carries: true, why: '', candidate: null },
    operator: operatorOf({ entry: null, template: official ? null : { kind: 'image', text: reference } }),
    authority: official,
  };
}

/** Where a candidate has the image; none where it does not stand for its registry. */
function placeAt(candidate: Candidate, plain: string, measured: boolean): readonly ImagePlace[] {
  const { template, entry, via, id, byFlag, why = '' } = candidate;
  const parsed = parseImageReference(plain);
  if (parsed === null) return [];
  const common = { name: nameOf(candidate), via, mirror: id, operator: operatorOf(candidate), why, candidate };
  const official = common.operator.key === 'official';
  const authority = official && (byFlag || !measured);
  if (official) return [{ ...common, authority, reference: familiarReference(parsed), carries: true }];
  if (template === null) return [];
  if (parsed.host !== 'docker.io' && !template.text.includes('{host}')) return [];
  const reference = expandImageTemplate(template, plain);
  const carries = entry === null || carriesImage(entry, parsed.repository);
  return reference === null ? [] : [{ ...common, authority: false, reference, carries }];
}

function nameAnd(name: string | undefined, reference: string): Pick<ImageWish, 'name' | 'reference'> {
  const parsed = parseImageReference(reference);
  if (parsed === null) return { name: name ?? reference, reference };
  return { name: name ?? imageName(parsed), reference: `${parsed.host}/${parsed.repository}${parsed.suffix}` };
}

function together(a: ImageWish['platforms'], b: ImageWish['platforms']): ImageWish['platforms'] {
  const all = [...a, ...b];
  return [...new Set(all.map(({ platform }) => platform))].map((platform) => ({
    platform,
    points: all.filter((each) => each.platform === platform).flatMap(({ points }) => points),
  }));
}
