import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Scan } from '../../types.ts';
import type { Candidate } from './candidates.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { badMirror, refuseHostile } from '../catalogue/hostile.ts';
import { imageName, isImageReference, parseImageReference, splitDigest } from '../../image-reference.ts';
import { originalOf } from '../catalogue/originals.ts';

/** `--image NAME=REF`: name of a repository as `golang` or `djs55/vpnkit` → a whole reference. */
export type GivenImages = Readonly<Record<string, string>>;

/** `golang`, `djs55/vpnkit` for each image point whose name can be read. */
export function imageNames(
  scan: Scan,
  catalogue: Catalogue,
  candidates: readonly Candidate[],
): ReadonlyMap<string, string> {
  const templates = candidates.flatMap(({ template }) => (template === null ? [] : [{ template }]));
  const names = new Map<string, string>();
  for (const point of scan.points) {
    if (point.kind !== 'image') continue;
    const parsed =
      parseImageReference(originalOf('image', point.anchor?.text ?? point.url, catalogue, templates)) ??
      parseImageReference(point.url);
    if (parsed !== null) names.set(point.id, imageName(parsed));
  }
  return names;
}

/**
 * Checks the user's images.
 * @param known the names of the images that the tree starts from
 * @param written the references as the tree has them: from an earlier plan a user's own may stand there already
 * Throws MobyBuildError (2): `hostile-value`, `bad-mirror`, `bad-image` for a name that the tree does not have.
 */
export function checkImages(images: GivenImages, known: ReadonlySet<string>, written: ReadonlySet<string>): void {
  for (const [name, reference] of Object.entries(images)) {
    const where = `--image ${name.slice(0, 80)}`;
    refuseHostile(reference, where, /^[A-Za-z0-9._:/@-]$/);
    if (!isImageReference(reference)) throw badMirror(where, `${where} is not an image reference: ${reference}`);
    if (known.has(name) || written.has(reference)) continue;
    if ([...written].some((each) => splitDigest(each).plain === reference)) continue;
    throw new MobyBuildError({
      code: 'bad-image',
      exitCode: EXIT.usage,
      message: `The tree starts from no image named ${name}.`,
      where,
      hint: `It starts from ${[...known].join(', ')}.`,
    });
  }
}

/** Whether `--without` leaves the image of that name out: `vpnkit` for `djs55/vpnkit`. */
export function isLeftOut(name: string, without: readonly string[]): boolean {
  return without.some((component) => name.split('/').at(-1)?.startsWith(component) === true);
}

/** The user's image for a point: named by its name, or standing in the tree already from an earlier run. */
export function imageGiven(
  images: GivenImages,
  name: string | undefined,
  written: string | undefined,
): string | undefined {
  const named = name === undefined ? undefined : images[name];
  if (named !== undefined || written === undefined) return named;
  // The second time the tree holds the very reference already, with its digest or without.
  return Object.values(images).find((reference) => reference === written || reference === splitDigest(written).plain);
}

/** The user's image for stage `base`. */
export function baseImageGiven(images: GivenImages): string | undefined {
  return images['golang'];
}

/** The Go version that its tag names. */
export function goVersionGiven(images: GivenImages): string | undefined {
  const given = baseImageGiven(images);
  return given === undefined ? undefined : /:(\d+\.\d+(?:\.\d+)?)/.exec(given)?.[1];
}
