import type { BundleObject, Contents } from '../format/contents.ts';

export type BundleBuild = Contents['builds'][number];

/** Which build is wanted; null: nobody said. */
export interface WantedBuild {
  readonly ref: string | null;
  readonly arch: string | null;
  readonly target: string | null;
}

/** The builds of a bundle that may be meant. Pure. */
export function buildsFor({ builds }: Pick<Contents, 'builds'>, wanted: WantedBuild): readonly BundleBuild[] {
  const names = ['ref', 'arch', 'target'] as const;
  return builds.filter((build) => names.every((name) => wanted[name] === null || wanted[name] === build[name]));
}

/** `v20.10.24, arm64, binary`. Pure. */
export function buildName({ ref, arch, target }: Pick<BundleBuild, 'ref' | 'arch' | 'target'>): string {
  return `${ref}, ${arch}, ${target}`;
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

/** The commit of a repository, from its key; null for another object. Pure. */
export function commitOf(key: string): string | null {
  return /^git .* git:([0-9a-f]{40})$/u.exec(key)?.[1] ?? null;
}

/** The objects of a bundle, those of one build first: another build may have another image of the same tag. Pure. */
export function objectsFor({ objects }: Pick<Contents, 'objects'>, { needs }: BundleBuild): readonly BundleObject[] {
  const own = new Set(needs);
  const isOwn = (object: BundleObject): boolean => own.has(keyOf(object));
  return [...objects.filter(isOwn), ...objects.filter((object) => !isOwn(object))];
}

/** Compares the list of what a build takes with what is there; a gap that `bundle create` could not fill is missing, too. Pure. */
export function lackingOf(
  { objects }: Pick<Contents, 'objects'>,
  { needs, gaps }: BundleBuild,
  stored: ReadonlySet<string>,
): Lacking {
  const there = new Set(objects.map(keyOf));
  const gone = needs
    .filter((key) => !there.has(key) && !stored.has(commitOf(key) ?? ''))
    .map((key) => key.slice(0, key.lastIndexOf(' ')));
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
