import type { Lock, LockedImage } from './lock-file.ts';

/** A thing that is not what a lock holds. `source`: another commit or tree, exit 4; `served`: what mirrors serve, exit 5. */
export interface LockDifference {
  readonly is: 'source' | 'served';
  readonly text: string;
}

/** What is to be built, as far as it is known without a mirror being asked. */
export interface SourceFacts extends Pick<Lock, 'ref' | 'commit' | 'target' | 'platform' | 'components'> {
  /** null: not known yet. */
  readonly tree: string | null;
}

/** Holds the source against a lock. Pure. */
export function sourceDifferences(lock: Lock, now: SourceFacts): readonly LockDifference[] {
  const differ: LockDifference[] = [];
  const say = (what: string, held: string | null, is: string | null): void => {
    if (held !== is)
      differ.push({ is: 'source', text: `${what}: the lock holds ${held ?? 'none'}, this is ${is ?? 'none'}` });
  };
  for (const name of ['ref', 'commit', 'target', 'platform'] as const) say(name, lock[name], now[name]);
  if (now.tree !== null) say('tree', lock.tree, now.tree);
  for (const component of new Set([...lock.components, ...now.components].map((each) => each.component))) {
    const held = lock.components.find((each) => each.component === component);
    const is = now.components.find((each) => each.component === component);
    say(component, held?.pin ?? null, is?.pin ?? null);
    // A commit that one of the two does not know is no contradiction: the pin is the same.
    const [before, after] = [held?.commit ?? null, is?.commit ?? null];
    if (before !== null && after !== null && held?.pin === is?.pin) say(`commit of ${component}`, before, after);
  }
  return differ;
}

/** An image of this build, whose digest may not be known yet. */
export type UsedImage = Pick<LockedImage, 'kind' | 'reference' | 'platform'> & { readonly digest: string | null };

/** Holds the images against a lock: each must be in it, and nothing in it may be left over. Pure. */
export function imageDifferences(lock: Lock, used: readonly UsedImage[]): readonly LockDifference[] {
  const same = (a: UsedImage, b: UsedImage): boolean =>
    a.kind === b.kind && a.reference === b.reference && a.platform === b.platform;
  const called = ({ reference, platform }: UsedImage): string => `${reference} for ${platform}`;
  const missing = used.flatMap((image): LockDifference[] => {
    const held = lock.images.find((each) => same(each, image));
    if (held === undefined) return [{ is: 'served', text: `${called(image)}: the lock does not hold it` }];
    if (image.digest === null || image.digest === held.digest) return [];
    return [{ is: 'served', text: `${called(image)}: the lock holds ${held.digest}, this is ${image.digest}` }];
  });
  const left = lock.images.filter((image) => !used.some((each) => same(each, image)));
  return [
    ...missing,
    ...left.map((image): LockDifference => ({
      is: 'source',
      text: `${called(image)}: the lock holds it, this build does not use it`,
    })),
  ];
}

/** What the base images are made of, as far as it is known: null where they are pulled, a digest of null where nobody fetched it yet. */
export interface UsedBase {
  readonly suite: string;
  readonly digest: string | null;
}

/** Holds the made base images against a lock. Pure. */
export function baseDifferences({ base }: Pick<Lock, 'base'>, used: UsedBase | null): readonly LockDifference[] {
  const held = base === undefined ? 'images of a registry' : `Debian ${base.suite}`;
  const is = used === null ? 'images of a registry' : `Debian ${used.suite}`;
  if (held !== is) return [{ is: 'source', text: `base: the lock holds ${held}, this is ${is}` }];
  if (base === undefined || used === null || used.digest === null || used.digest === base.digest) return [];
  return [{ is: 'served', text: `base: the lock holds ${base.digest}, this is ${used.digest}` }];
}

/** What is taken of mirrors. A date or sum that is null: it was asked for, and nobody said it; undefined: nobody was asked. */
export interface ServedFacts {
  readonly suites: readonly (Pick<Lock['suites'][number], 'suite'> & { readonly date?: string | null | undefined })[];
  readonly modules: readonly (Pick<Lock['modules'][number], 'path' | 'version'> & {
    readonly sum?: string | null | undefined;
    readonly goModSum?: string | null | undefined;
  })[];
}

/** Holds what the mirrors serve against a lock. Pure. */
export function servedDifferences(lock: Lock, now: ServedFacts): readonly LockDifference[] {
  const [held, is] = [saidOf(lock), saidOf(now)];
  return [...new Set([...held.keys(), ...is.keys()])].flatMap((what): LockDifference[] => {
    const [before, after] = [held.get(what), is.get(what)];
    if (!held.has(what)) return [{ is: 'served', text: `${what}: the lock does not hold it` }];
    if (!is.has(what)) return [{ is: 'source', text: `${what}: the lock holds it, this build does not use it` }];
    if (after === undefined || before === after) return [];
    const seen = after ?? 'unknown';
    return [{ is: 'served', text: `${what}: the lock holds ${before ?? ''}, it is ${seen}` }];
  });
}

/** What is said of each thing, by its name for a person; modules as go.sum has them, in two lines. */
function saidOf({ suites, modules }: ServedFacts): ReadonlyMap<string, string | null | undefined> {
  return new Map([
    ...suites.map(({ suite, date }) => [`InRelease of ${suite}`, date] as const),
    ...modules.map(({ path, version, sum }) => [`${path}@${version}`, sum] as const),
    ...modules.map(({ path, version, goModSum }) => [`go.mod of ${path}@${version}`, goModSum] as const),
  ]);
}
