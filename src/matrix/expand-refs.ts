import semver from 'semver';
import { rangeOf } from '../config/ref-range.ts';
import { versionOfRef } from '../moby/series.ts';

/** What a list of refs comes to, and what is wrong with entries of it. */
export interface ExpandedRefs {
  /** Each once, the oldest version first; names that are no version behind them. */
  readonly refs: readonly string[];
  /** Entries that name nothing: as they were written, and what is wrong. */
  readonly problems: readonly { readonly entry: string; readonly message: string }[];
}

/**
 * The tags that a list names: tags, ranges `A..B` (both ends and what lies between by version; prereleases only where an end is one), and
 * patterns, whose `*` and `?` stop at a slash as in git-for-each-ref(1). An entry behind `!` takes tags away, wherever it stands. Pure.
 *
 * @param tags all tags that there are
 */
export function expandRefs(entries: readonly string[], tags: readonly string[]): ExpandedRefs {
  const problems: { entry: string; message: string }[] = [];
  const named = (entry: string): readonly string[] => {
    const found = tagsOf(entry, tags);
    if ('message' in found) problems.push({ entry, message: found.message });
    return 'message' in found ? [] : found.tags;
  };
  const taken = entries.filter((entry) => !entry.startsWith('!')).flatMap(named);
  const away = new Set(entries.filter((entry) => entry.startsWith('!')).flatMap((entry) => named(entry.slice(1))));
  const refs = [...new Set(taken)].filter((ref) => !away.has(ref)).sort(byVersion);
  return { refs, problems };
}

type Found = { readonly tags: readonly string[] } | { readonly message: string };

function tagsOf(entry: string, tags: readonly string[]): Found {
  const range = rangeOf(entry);
  if (range !== null) return inRange(range.from, range.to, tags);
  if (/[*?]/u.test(entry)) {
    const shape = patternShape(entry);
    const found = tags.filter((tag) => shape.test(tag));
    return found.length === 0 ? { message: 'matches no tag that is known here' } : { tags: found };
  }
  return tags.includes(entry) ? { tags: [entry] } : { message: 'is no tag that is known here' };
}

function inRange(from: string, to: string, tags: readonly string[]): Found {
  const [first, last] = [from, to].map((end) => (tags.includes(end) ? versionOfRef(end) : null));
  if (first === null || first === undefined)
    return { message: `begins with ${from}, which is no version that is known here` };
  if (last === null || last === undefined)
    return { message: `ends with ${to}, which is no version that is known here` };
  if (semver.gt(first, last)) return { message: `is empty: ${from} is newer than ${to}` };
  const prereleases = first.prerelease.length + last.prerelease.length > 0;
  const inside = tags.filter((tag) => {
    const version = versionOfRef(tag);
    if (version === null || semver.lt(version, first) || semver.gt(version, last)) return false;
    return prereleases || version.prerelease.length === 0;
  });
  return { tags: inside };
}

/** `v20.10.2*` as an expression for whole names. */
function patternShape(pattern: string): RegExp {
  const text = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${text}$`, 'u');
}

function byVersion(a: string, b: string): number {
  const [left, right] = [versionOfRef(a), versionOfRef(b)];
  if (left !== null && right !== null) return semver.compare(left, right) || (a < b ? -1 : 1);
  if (left === null && right === null) return a < b ? -1 : 1;
  return left === null ? 1 : -1;
}
