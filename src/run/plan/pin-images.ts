import type { LockedImage } from '../../lockfile/lock-file.ts';
import { askImage, shortDigest } from '../../mirrors/images/ask-image.ts';
import type { ImagePin } from '../../mirrors/candidates/pins.ts';
import { fallbackDigest, type DocumentedDigest } from '../../mirrors/catalogue/documented.ts';
import { settle, type RefusedImage, type SettledImage } from '../../mirrors/images/settle.ts';
import type { ImagePlace, ImageWish, Statement } from '../../mirrors/images/wish.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import type { Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { documentedOtherwise, witnessesOf } from './image-witnesses.ts';
import { imageByArgument, imageRefusal, statementLine } from './image-refusal.ts';
import { wishesOf } from './image-wishes-of.ts';
import { keepObjects, readKeptObjects } from '../../workdir/kept-objects.ts';
import { requireLockedImages } from '../locked/locked.ts';
import { pinBundled } from '../offline/pin-bundled.ts';
import { OFFLINE_WORDS } from '../notes/offline-words.ts';
import { pinOfEngine } from '../offline/pin-of-engine.ts';
import { askerOf } from '../prepare/network.ts';
import type { Io } from '../stage/io.ts';
import type { Measured, Pinned } from '../stage/stages.ts';

/** What the pins of a tree come to. */
type PinnedImages = Pick<Pinned, 'images' | 'pins' | 'bundled' | 'ofEngine' | 'lacking'>;

/** An image, what it is, and who serves it: by platform. */
interface PinnedImage {
  readonly wish: ImageWish;
  readonly digest: string;
  readonly basis: LockedImage['basis'];
  readonly operators: LockedImage['operators'];
  readonly places: ReadonlyMap<string, ImagePlace>;
}

/**
 * Settles the digest of every image and frontend of the closure: as it is known, as the work dir keeps it, or as the mirrors say
 * it.
 *
 * @param keep whether it is written to the work dir; a dry run writes nothing
 * @throws MobyBuildError exit 5: `image-not-known`, `image-not-served`; `not-as-locked` where a lock must be kept to
 */
export async function pinImages(
  from: Measured,
  io: Io,
  keep: boolean,
): Promise<PinnedImages & { readonly words: string }> {
  if (from.bundle !== null) {
    const bundled = await pinBundled(from.bundle, await wishesOf(from, io));
    return { ...bundled, ofEngine: [], lacking: [], words: MESSAGES.imagesPinned(bundled.images.length, 0) };
  }
  if (from.options.offline) {
    const wishes = await wishesOf(from, io);
    requireLockedImages(from, io, wishes);
    const found = await pinOfEngine(from, io, wishes, (await readKeptObjects(from)).images, witnessesOf);
    return { ...found, words: OFFLINE_WORDS.imagesOfEngine(found.ofEngine.length) };
  }
  const wishes = await withoutArguments(from, io);
  requireLockedImages(from, io, wishes);
  const kept = (await readKeptObjects(from)).images;
  const before = wishes.map((wish) => withoutAsking(wish) ?? fromKept(wish, kept));
  const asked = wishes.filter((_, index) => before[index] === null);
  const settled = asked.length === 0 ? [] : await askAll(from, io, asked);
  const all = [...before.filter((each) => each !== null), ...settled];
  const pinned = pinsOf(from, io, all);
  if (keep) await keepObjects(from, { images: pinned.images.filter(({ mirror }) => mirror !== 'flag') });
  return { ...pinned, words: MESSAGES.imagesPinned(all.length, settled.length) };
}

/**
 * Pins what is known without a mirror being asked: as the work dir keeps it, or at the first place that is believed to have it;
 * the rest stays by tag, and a note says so. For `patch`, and for a dry run that must ask nobody.
 */
export async function pinKnownImages(from: Measured, io: Io): Promise<PinnedImages> {
  const wishes = await wishesOf(from, io);
  // What a build argument names by tag stands in no lock.
  requireLockedImages(
    from,
    io,
    wishes.filter(({ pinnable, known: digest }) => pinnable || digest !== null),
  );
  const kept = (await readKeptObjects(from)).images;
  const pinned = wishes.flatMap((wish): PinnedImage[] => {
    const sure = withoutAsking(wish) ?? fromKept(wish, kept);
    const place = wish.places.find(({ carries }) => carries);
    if (sure !== null) return [sure];
    if (wish.known === null || place === undefined || !wish.pinnable) return [];
    return [pinnedBy(wish, wish.known, place)];
  });
  const byTag = wishes.filter((wish) => !pinned.some((each) => each.wish === wish)).map(({ reference }) => reference);
  if (byTag.length > 0) io.note({ level: 'info', code: 'images-by-tag', message: MESSAGES.byTag(byTag) });
  return pinsOf(from, io, pinned);
}

/** The wishes but those that a build argument names by tag: no text of the tree could hold their digest. */
async function withoutArguments(from: Measured, io: Io): Promise<readonly ImageWish[]> {
  const wishes = await wishesOf(from, io);
  const byTag = wishes.filter(({ pinnable, known: digest }) => !pinnable && digest === null);
  const refused = byTag.find(({ trusted }) => !trusted);
  if (refused !== undefined) throw imageByArgument(refused);
  for (const { name, reference } of byTag)
    io.note({ level: 'warning', code: 'image-trusted', message: MESSAGES.argumentByTag(reference, name) });
  return wishes.filter((wish) => !byTag.includes(wish));
}

/** A reference of the user's own with its digest: there is nobody else to ask, and the engine checks what comes. */
function withoutAsking(wish: ImageWish): PinnedImage | null {
  const [only] = wish.places;
  if (wish.known?.by !== 'user' || only === undefined) return null;
  return pinnedBy(wish, wish.known, only);
}

function pinnedBy(wish: ImageWish, known: NonNullable<ImageWish['known']>, place: ImagePlace): PinnedImage {
  const places = new Map(wish.platforms.map(({ platform }): [string, ImagePlace] => [platform, place]));
  return { wish, digest: known.digest, basis: known.by, operators: [], places };
}

/** The same digests from the places that are left, where a mirror failed a build: the digest decides, whoever serves it. */
export async function repinImages<From extends Pinned>(from: From, io: Io): Promise<From> {
  const before = from.images;
  if (from.ofEngine.length > 0) return from;
  const pinned = (await wishesOf(from, io)).flatMap((wish): PinnedImage[] => {
    const mine = before.filter(({ kind, reference }) => kind === wish.kind && reference === wish.reference);
    const [first] = mine;
    const ids = wish.platforms.flatMap(({ points }) => points);
    const failed = from.excluded.filter(
      ({ kind, points }) => kind === wish.kind && ids.some((id) => points?.includes(id)),
    );
    const left = wish.places.filter(({ name }) => !failed.some(({ mirror }) => mirror === name));
    const next = left.find(({ carries }) => carries) ?? left[0];
    if (first === undefined || next === undefined) return [];
    const places = wish.platforms.map(({ platform }): [string, ImagePlace] => {
      const mirror = mine.find((image) => image.platform === platform)?.mirror;
      return [platform, left.find(({ name }) => name === mirror) ?? next];
    });
    const { digest, basis, operators } = first;
    return [{ wish, digest, basis, operators, places: new Map(places) }];
  });
  return { ...from, ...pinsOf(from, io, pinned) };
}

/** What an earlier run settled, as long as nothing says otherwise since; trust must be given anew each time. */
function fromKept(wish: ImageWish, kept: readonly LockedImage[]): PinnedImage | null {
  const places = new Map<string, ImagePlace>();
  let first: LockedImage | null = null;
  for (const { platform } of wish.platforms) {
    const mine = kept.find(
      (each) => each.kind === wish.kind && each.reference === wish.reference && each.platform === platform,
    );
    const place = wish.places.find(({ name }) => name === mine?.mirror);
    if (mine === undefined || place === undefined || (mine.basis === 'trusted' && !wish.trusted)) return null;
    if (wish.known !== null && wish.known.digest !== mine.digest) return null;
    if (first !== null && first.digest !== mine.digest) return null;
    first ??= mine;
    places.set(platform, place);
  }
  return first === null || !wish.pinnable
    ? null
    : { wish, digest: first.digest, basis: first.basis, operators: first.operators, places };
}

async function askAll(from: Measured, io: Io, wishes: readonly ImageWish[]): Promise<readonly PinnedImage[]> {
  const asker = await askerOf(from);
  let all = wishes.reduce((sum, { places }) => sum + places.length, 0);
  let done = 0;
  const ask = async (place: ImagePlace, wish: ImageWish, by: Asker): Promise<Statement> => {
    const statement = await askImage(place, wish, by);
    done += 1;
    io.say(MESSAGES.probing(done, all));
    return statement;
  };
  const decide = async (wish: ImageWish): Promise<{ wish: ImageWish; verdict: SettledImage | RefusedImage }> => {
    const statements = await Promise.all(wish.places.map((place) => ask(place, wish, asker)));
    return { wish, verdict: settle(wish, statements) };
  };
  const verdicts = await Promise.all(
    wishes.map(async (wish) => {
      const byTag = await decide(wish);
      const written = byTag.verdict.is === 'refused' ? writtenInstead(byTag.wish, byTag.verdict) : null;
      if (written === null) return byTag;
      all += wish.places.length;
      const byDigest = await decide({ ...wish, known: { digest: written.digest, by: 'table' } });
      return byDigest.verdict.is === 'settled' ? byDigest : byTag;
    }),
  );
  const refused = verdicts.flatMap(({ wish, verdict }) =>
    verdict.is === 'refused' ? [{ wish, verdict: verdict satisfies RefusedImage }] : [],
  );
  if (refused.length > 0) throw imageRefusal(refused, from.spareBase !== null);
  return verdicts.flatMap(({ wish, verdict }): PinnedImage[] => {
    if (verdict.is === 'refused') return [];
    io.note(...skippedNotes(wish, verdict));
    const operators = verdict.voices.map(({ place }) => ({ operator: place.operator.name, mirror: place.name }));
    return [{ wish, digest: verdict.digest, basis: verdict.basis, operators, places: verdict.chosen }];
  });
}

/** What public sources say of an image of which mirrors say too little: it can be asked for by digest, whatever its tag is by now. */
function writtenInstead({ known: digest, documented }: ImageWish, { why }: RefusedImage): DocumentedDigest | null {
  if (digest !== null || documented === null || (why !== 'unknown' && why !== 'unserved')) return null;
  return fallbackDigest(documented) ?? null;
}

function skippedNotes({ reference }: ImageWish, { digest, basis, skipped }: SettledImage): readonly Note[] {
  return skipped.map((each): Note => {
    // A tag that is not what is publicly written of it is no small thing; a lock file's may have moved on since.
    const said = each.digest ?? (basis === 'table' ? each.tag : undefined) ?? digest;
    const contradicts = said !== digest;
    const message = `${reference} is ${shortDigest(digest)}; not from ${statementLine(each)}.`;
    return {
      level: contradicts ? 'warning' : 'info',
      code: contradicts ? 'image-contradicted' : 'next-mirror',
      message,
    };
  });
}

/** The pins of the points, those outside the closure that name the same image among them; and what manifest and lock say. */
function pinsOf({ scan: { points } }: Measured, io: Io, pinned: readonly PinnedImage[]): PinnedImages {
  const pins = new Map<string, ImagePin>();
  const images: LockedImage[] = [];
  for (const { wish, digest, basis, operators, places } of pinned) {
    const witnesses = witnessesOf(wish, digest);
    io.note(...documentedOtherwise(wish, digest));
    for (const { platform, points: ids } of wish.platforms) {
      const place = places.get(platform);
      if (place === undefined) continue;
      const { kind, name, reference } = wish;
      const who = { mirror: place.name, operators: [...operators], witnesses: [...witnesses] };
      images.push({ kind, name, reference, platform, digest, basis, ...who });
      const urls = points.filter(({ id }) => ids.includes(id)).map(({ url }) => url);
      const same = points.filter((point) => point.kind === kind && !point.inClosure && urls.includes(point.url));
      for (const id of wish.pinnable ? [...ids, ...same.map((point) => point.id)] : [])
        pins.set(id, pinOf(place, { digest, basis, operators, witnesses }));
    }
    if (basis === 'trusted') io.note(trustedNote(wish, digest, [...places.values()]));
  }
  return { images, pins, bundled: [], ofEngine: [], lacking: [] };
}

function pinOf(
  { via, mirror, reference, why, candidate }: ImagePlace,
  {
    digest,
    basis,
    operators,
    witnesses,
  }: Pick<LockedImage, 'digest' | 'basis' | 'operators'> & { readonly witnesses: readonly string[] },
): ImagePin {
  const names = [...new Set(operators.map(({ operator }) => operator))];
  const reason = [MESSAGES.digestBasis(basis, names, witnesses), why];
  return {
    via,
    mirror,
    to: `${reference}@${digest}`,
    reason: reason.filter((text) => text !== '').join('; '),
    candidate,
  };
}

function trustedNote({ name, reference }: ImageWish, digest: string, places: readonly ImagePlace[]): Note {
  const from = [...new Set(places.map((place) => place.name))].join(' and ');
  return {
    level: 'warning',
    code: 'image-trusted',
    message: `${reference} has the digest that ${from} names, ${digest}, without a second witness (--trust-image ${name}).`,
  };
}
