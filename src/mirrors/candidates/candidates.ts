import { mirrorKeyText } from '../../names.ts';
import type { MirrorKind, Note, Via } from '../../types.ts';
import { findMirror, usableIds, type Catalogue, type CatalogueEntry } from '../catalogue/catalogue.ts';
import { badMirror } from '../catalogue/hostile.ts';
import type { Profile } from '../catalogue/profile.ts';
import { parseTemplate, type MirrorOverride, type MirrorTemplate } from '../catalogue/template.ts';

/** One mirror that may be chosen for a kind. */
export interface Candidate {
  /** What `mirror` says of a point: the catalogue id, `flag`, or the name of the user's profile. */
  readonly id: string | null;
  readonly via: Via;
  /** null for `official` and `builtin`. */
  readonly template: MirrorTemplate | null;
  /** What the catalogue knows; null for a value of the user's. */
  readonly entry: CatalogueEntry | null;
  /** true: given by a flag. */
  readonly byFlag: boolean;
  /** The repository or the suite that it stands for, as `MirrorKey` has it; absent: all of its kind. */
  readonly part?: string | undefined;
  /** What a probe measured, where one was made. */
  readonly why?: string | undefined;
  /** gomod: whether it was seen to pass the checksum database on; undefined where nobody looked. */
  readonly sumdb?: boolean | undefined;
}

/** Who says which mirrors there are. */
export interface MirrorWishes {
  readonly profile: Profile;
  readonly catalogue: Catalogue;
  readonly overrides: readonly MirrorOverride[];
}

/**
 * The mirrors of one kind in the order of preference: those given by flags alone when there are any, else the profile's. Mirrors of single
 * repositories and suites are not among them (`partsOf`).
 * Throws as `parseTemplate`, and `bad-mirror` (2) for an id that the catalogue does not have.
 */
export function candidatesOf(
  kind: MirrorKind,
  profile: Profile,
  catalogue: Catalogue,
  overrides: readonly MirrorOverride[],
): readonly Candidate[] {
  const flags = overrides.filter((override) => override.kind === kind && override.part === undefined);
  if (flags.length > 0) return flags.map(({ value }) => candidate(kind, value, catalogue, 'flag', `--mirror ${kind}`));
  return (profile.mirrors[kind] ?? []).map((value) =>
    candidate(kind, value, catalogue, profile.name, `profile ${profile.name}, ${kind}`),
  );
}

/**
 * The mirrors of single repositories (git) or suites (apt). A flag for the whole kind replaces all that the profile says of it; one for a
 * part replaces that part. Throws as `candidatesOf`.
 */
export function partsOf(kind: MirrorKind, { profile, catalogue, overrides }: MirrorWishes): readonly Candidate[] {
  const flags = overrides.filter((override) => override.kind === kind);
  const replaced = (part: string): boolean => flags.some((flag) => flag.part === undefined || flag.part === part);
  const ofFlags = flags.flatMap(({ part, value }) =>
    part === undefined ? [] : [{ part, values: [value], owner: 'flag', where: '--mirror' }],
  );
  const ofProfile = (profile.parts ?? []).filter((each) => each.kind === kind && !replaced(each.part));
  const all = [
    ...ofFlags,
    ...ofProfile.map((each) => ({ ...each, owner: profile.name, where: `profile ${profile.name},` })),
  ];
  return all.flatMap(({ part, values, owner, where }) =>
    values.map((value) => candidate(kind, value, catalogue, owner, `${where} ${mirrorKeyText({ kind, part })}`, part)),
  );
}

function candidate(
  kind: MirrorKind,
  value: string,
  catalogue: Catalogue,
  owner: string,
  where: string,
  part?: string,
): Candidate {
  const own = part === undefined ? {} : { part };
  return { ...chosenBy(kind, value, catalogue, owner, where, part !== undefined), ...own };
}

function chosenBy(
  kind: MirrorKind,
  value: string,
  catalogue: Catalogue,
  owner: string,
  where: string,
  isPart: boolean,
): Candidate {
  const byFlag = owner === 'flag';
  if (value === 'official') return { id: null, via: 'upstream', template: null, entry: null, byFlag };
  if ((value === 'builtin' && kind === 'frontend') || (value === 'none' && kind === 'apt' && isPart))
    return { id: null, via: 'dropped', template: null, entry: null, byFlag };
  const entry = findMirror(catalogue, kind, value);
  if (entry !== undefined) {
    const via = entry.official === true ? 'upstream' : 'mirror';
    return { id: byFlag ? 'flag' : entry.id, via, template: parseTemplate(kind, entry.template, where), entry, byFlag };
  }
  if (
    kind !== 'image' &&
    kind !== 'frontend' &&
    kind !== 'gosumdb' &&
    kind !== 'gomod' &&
    /^[A-Za-z0-9-]+$/.test(value)
  ) {
    throw badMirror(
      where,
      `${where}: the catalogue has no ${value}.`,
      `It has ${usableIds(catalogue, kind).join(', ')}; or give a URL.`,
    );
  }
  return { id: owner, via: 'mirror', template: parseTemplate(kind, value, where, isPart), entry: null, byFlag };
}

/** Warns of a chosen mirror that is known to be dead, slow or unproven. */
export function caveatOf(chosen: Candidate, kind: MirrorKind): Note | null {
  const { entry } = chosen;
  if (entry === null || (entry.status === 'alive' && !(kind === 'git' && entry.clone === false))) return null;
  return {
    level: 'warning',
    code: `mirror-${entry.status}`,
    message: `${entry.id}, the ${kind} mirror that was chosen, is ${entry.status === 'alive' ? 'not known to serve clones' : entry.status}${entry.seen === null ? '' : ` (seen ${entry.seen})`}${entry.caveat === undefined ? '' : `: ${entry.caveat}`}.`,
    hint: `--mirror ${kind}=VALUE takes another.`,
  };
}
