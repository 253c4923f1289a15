import type { Candidate, MirrorWishes } from '../../mirrors/candidates/candidates.ts';
import { repositoryCandidates } from '../../mirrors/candidates/repositories.ts';
import { nameOf } from '../../mirrors/candidates/locate.ts';
import { expandUrl, splitUrl } from '../../mirrors/catalogue/template.ts';
import type { CloneCandidate } from '../../transport/transfer.ts';

/** Only what the accelerators stand for; a user's own server is asked itself. */
const MIRRORED_HOST = 'github.com';

/** Whether a clone is asked of this machine alone. Pure. */
export function isHere({ url }: CloneCandidate): boolean {
  return /^(?:file:\/\/)?\//iu.test(url);
}

/**
 * The URLs that moby itself is cloned from, in the order of trying: its URL filled into each git mirror of the profile (or of
 * the flags). A profile without git mirrors, and a URL that is not on GitHub, mean the URL as it is. Mirrors that are known
 * not to serve clones, or to be dead, are left out unless the profile names nothing better. Mirrors that are named for this repository alone
 * are asked in the place of all others, whatever its host.
 *
 * @param measured puts those that a probe found to have it first, best first; the others stay behind them, for one may die since
 */
export function cloneCandidates(
  url: string,
  wishes: MirrorWishes,
  measured: (list: readonly Candidate[]) => readonly Candidate[] = (list) => list,
): readonly CloneCandidate[] {
  const upstream = splitUrl(url);
  const asItIs: CloneCandidate = { mirror: 'source', url };
  const all = repositoryCandidates(url, wishes);
  const isNamed = all.some(({ part }) => part !== undefined);
  if (upstream === null || (upstream.host !== MIRRORED_HOST && !isNamed)) return [asItIs];
  const usable = all.filter(({ entry }) => entry === null || (entry.status !== 'dead' && entry.clone !== false));
  const ranked = measured(all);
  const first = ranked === all ? [] : ranked;
  const names = new Set(first.map(nameOf));
  const others = (usable.length > 0 ? usable : all).filter((candidate) => !names.has(nameOf(candidate)));
  const chosen = [...first, ...others].map(({ id, template }): CloneCandidate =>
    template === null ? asItIs : { mirror: id ?? 'source', url: expandUrl(template, upstream) },
  );
  return chosen.length > 0 ? chosen : [asItIs];
}
