import type { BundleObject, Contents } from '../format/contents.ts';

export type BundleBuild = Contents['builds'][number];

/** Which build is wanted; null: nobody said. */
export interface WantedBuild {
  readonly ref: string | null;
  readonly arch: string | null;
  readonly target: string | null;
}

/**
 * The build of a bundle that is meant. Pure.
 *
 * @returns or why there is none, in words that follow the name of the file
 */
export function buildFor({ builds }: Pick<Contents, 'builds'>, wanted: WantedBuild): BundleBuild | string {
  const names = ['ref', 'arch', 'target'] as const;
  const found = builds.filter((build) => names.every((name) => wanted[name] === null || wanted[name] === build[name]));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const list = (first === undefined ? builds : found).map(({ ref, arch, target }) => `${ref}, ${arch}, ${target}`);
  return first === undefined
    ? `is for another build: ${list.join('; ')}`
    : `is for several builds, so --ref, --arch and --target must say which: ${list.join('; ')}`;
}

/** How `builds` names an object that a build takes. Pure. */
export function keyOf({ kind, name, digest }: Pick<BundleObject, 'kind' | 'name' | 'digest'>): string {
  return `${kind} ${name} ${digest}`;
}

/** What a build takes, and what of it a bundle lacks, by names for people. */
export interface Lacking {
  readonly total: number;
  readonly missing: readonly string[];
}

/** Compares the list of what a build takes with what is there; a gap that `bundle create` could not fill is missing, too. Pure. */
export function lackingOf({ objects, gaps }: Pick<Contents, 'objects' | 'gaps'>, { needs }: BundleBuild): Lacking {
  const there = new Set(objects.map(keyOf));
  const gone = needs.filter((key) => !there.has(key)).map((key) => key.slice(0, key.lastIndexOf(' ')));
  return {
    total: needs.length + gaps.length,
    missing: [...gone, ...gaps.map(({ kind, name }) => `${kind} ${name}`)],
  };
}

/** With what the plan takes beyond that list, each once. Pure. */
export function lackingToo({ total, missing }: Lacking, more: readonly string[]): Lacking {
  const fresh = [...new Set(more)].filter((name) => !missing.includes(name));
  return { total: total + fresh.length, missing: [...missing, ...fresh] };
}
