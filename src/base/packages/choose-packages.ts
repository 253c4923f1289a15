import type { IndexedPackage, Relation } from './package-index.ts';
import { satisfies } from './version.ts';

/** The packages of a system, each with all that it depends on. */
export interface ChosenPackages<Package extends IndexedPackage> {
  /** The essential ones and theirs: what has to lie there before dpkg can run. */
  readonly essential: readonly Package[];
  /** The others. */
  readonly more: readonly Package[];
}

const MERGED = 'usr-is-merged';

/** Which of several packages that provide a thing is taken: the one that a system rather has. */
const PRIORITIES = ['required', 'important', 'standard', 'optional', 'extra'];

/**
 * Chooses the essential packages, the wanted ones, and what they depend on. Of alternatives the first is taken that is there, unless one is chosen
 * already; recommendations are not. Both lists are sorted by name, and the same index gives the same lists. Pure.
 *
 * @param newest the newest package of each name
 * @returns or what cannot be had, in words for a person
 */
export function choosePackages<Package extends IndexedPackage>(
  newest: ReadonlyMap<string, Package>,
  wanted: readonly string[],
): ChosenPackages<Package> | { readonly lacking: string } {
  const provided = providersOf(newest);
  const essential = new Map<string, Package>();
  const named = [...newest.values()].filter((each) => each.essential).map(({ name }) => name);
  // Our root has /bin in /usr from the beginning; the other package that init-system-helpers would take moves things there, with perl.
  const roots = [...(newest.has(MERGED) ? [MERGED] : []), ...named.sort()];
  const first = addAll(roots, essential, new Map(), newest, provided);
  if (first !== null) return { lacking: first };
  if (essential.size === 0) return { lacking: 'no package is essential' };
  const more = new Map<string, Package>();
  const second = addAll(wanted, more, essential, newest, provided);
  if (second !== null) return { lacking: second };
  return { essential: sorted(essential), more: sorted(more) };
}

function sorted<Package extends IndexedPackage>(packages: ReadonlyMap<string, Package>): readonly Package[] {
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Providers<Package> = ReadonlyMap<string, readonly { readonly by: Package; readonly as: Relation }[]>;

function providersOf<Package extends IndexedPackage>(newest: ReadonlyMap<string, Package>): Providers<Package> {
  const found = new Map<string, { by: Package; as: Relation }[]>();
  for (const by of newest.values())
    for (const as of by.provides) found.set(as.name, [...(found.get(as.name) ?? []), { by, as }]);
  return found;
}

/** Adds packages and what they depend on to `chosen`. @returns what cannot be had; null: all is there */
function addAll<Package extends IndexedPackage>(
  names: readonly string[],
  chosen: Map<string, Package>,
  before: ReadonlyMap<string, Package>,
  newest: ReadonlyMap<string, Package>,
  provided: Providers<Package>,
): string | null {
  const waiting: { readonly group: readonly Relation[]; readonly of: string }[] = names.map((name) => ({
    group: [{ name, version: null }],
    of: 'what is to be installed',
  }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { group, of } = next;
    if (group.some((each) => isMet(each, before, provided) || isMet(each, chosen, provided))) continue;
    const found = group.map((each) => packageFor(each, newest, provided)).find((each) => each !== null);
    if (found === undefined) return `${of} needs ${group.map(written).join(' or ')}`;
    chosen.set(found.name, found);
    waiting.push(...found.depends.map((depends) => ({ group: depends, of: found.name })));
  }
  return null;
}

function isMet<Package extends IndexedPackage>(
  wanted: Relation,
  chosen: ReadonlyMap<string, Package>,
  provided: Providers<Package>,
): boolean {
  const own = chosen.get(wanted.name);
  if (own !== undefined && fits(own.version, wanted)) return true;
  return (provided.get(wanted.name) ?? []).some(({ by, as }) => chosen.get(by.name) === by && providesIt(as, wanted));
}

function packageFor<Package extends IndexedPackage>(
  wanted: Relation,
  newest: ReadonlyMap<string, Package>,
  provided: Providers<Package>,
): Package | null {
  const own = newest.get(wanted.name);
  if (own !== undefined && fits(own.version, wanted)) return own;
  const others = (provided.get(wanted.name) ?? []).filter(({ as }) => providesIt(as, wanted)).map(({ by }) => by);
  const rank = ({ priority }: Package): number =>
    (PRIORITIES.indexOf(priority) + PRIORITIES.length + 1) % (PRIORITIES.length + 1);
  return others.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0] ?? null;
}

function fits(version: string, { version: wanted }: Relation): boolean {
  return wanted === null || satisfies(version, ...wanted);
}

/** What is provided without a version meets no relation with one (deb-control(5), "Provides"). */
function providesIt({ version }: Relation, wanted: Relation): boolean {
  return wanted.version === null || (version !== null && fits(version[1], wanted));
}

function written({ name, version }: Relation): string {
  return version === null ? name : `${name} (${version.join(' ')})`;
}
