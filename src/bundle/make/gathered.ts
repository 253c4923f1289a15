import type { BundleObject, Contents } from '../format/contents.ts';
import type { LayoutImage } from './image-layout.ts';
import type { BundleFile } from './write-bundle.ts';

export type Gap = Contents['builds'][number]['gaps'][number];

/** What was gathered for a bundle, or for one kind of object in it. */
export interface Gathered {
  readonly objects: readonly BundleObject[];
  /** By path in the bundle. */
  readonly files: ReadonlyMap<string, BundleFile>;
  /** The images among the objects, of which the layout is made. */
  readonly images: readonly LayoutImage[];
  /** What could not be had, and why. */
  readonly gaps: readonly Gap[];
}

/** A build of the bundle, and what was gathered for it alone. */
export interface GatheredBuild extends Gathered {
  readonly build: Omit<Contents['builds'][number], 'needs' | 'gaps'>;
  /** Whether it loads Go modules, and what is known of them; null: it loads none. */
  readonly modules: LoadedModules | null;
}

/** Who served the Go modules of a build. */
export interface LoadedModules {
  readonly mirror: string | null;
  /** Whose go.sum names what no record of a checksum database does. */
  readonly goSum: readonly string[];
}

export const NOTHING_GATHERED: Gathered = { objects: [], files: new Map(), images: [], gaps: [] };

/** Several together, in the order of kinds and names: what comes twice is there once. Pure. */
export function together(all: readonly Gathered[]): Gathered {
  const files = new Map(all.flatMap((each) => [...each.files]));
  const objects = new Map<string, BundleObject>();
  for (const object of all.flatMap((each) => each.objects)) {
    const key = `${object.kind} ${object.name} ${object.digest}`;
    const before = objects.get(key);
    objects.set(key, before === undefined ? object : joined(before, object, files));
  }
  const gaps = new Map(all.flatMap((each) => each.gaps).map((gap) => [`${gap.kind} ${gap.name}`, gap]));
  return {
    objects: sorted(objects),
    files,
    images: [...sorted(imagesOf(all))],
    gaps: sorted(gaps),
  };
}

/** Of one image, another build may need another platform. */
function joined(one: BundleObject, other: BundleObject, sizes: Gathered['files']): BundleObject {
  const files = [...new Set([...one.files, ...other.files])].sort();
  return { ...one, files, bytes: files.reduce((sum, file) => sum + (sizes.get(file)?.bytes ?? 0), 0) };
}

function imagesOf(all: readonly Gathered[]): Map<string, LayoutImage> {
  const images = new Map<string, LayoutImage>();
  for (const image of all.flatMap((each) => each.images)) {
    const key = `${image.reference} ${image.top.digest}`;
    const manifests = [...(images.get(key)?.manifests ?? []), ...image.manifests];
    const once = new Map(manifests.map((manifest) => [manifest.platform, manifest]));
    images.set(key, { ...image, manifests: [...sorted(once)] });
  }
  return images;
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
