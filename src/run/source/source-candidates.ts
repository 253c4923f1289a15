import type { FetchAttempt } from '../../transport/fetch-failure.ts';
import type { CloneCandidate } from '../../transport/transfer.ts';
import { cloneCandidates, isHere } from './clone-candidates.ts';
import type { HostSource } from '../../handover/host-sources.ts';
import type { Io } from '../stage/io.ts';
import type { Measured } from '../stage/stages.ts';

/**
 * Who is asked for a source, in this order: as it was measured for the points that it meets, where it was. Servers that were silent in
 * this run come last: each would take its minute again for every source.
 */
export function sourceCandidates(
  {
    profile,
    catalogue,
    overrides,
    order,
    options,
  }: Pick<Measured, 'profile' | 'catalogue' | 'overrides' | 'order' | 'options'>,
  { silentServers }: Pick<Io, 'silentServers'>,
  { upstream, points }: HostSource,
): readonly CloneCandidate[] {
  const candidates = cloneCandidates(upstream, { profile, catalogue, overrides }, (list) =>
    order('git', points[0] ?? null, list),
  );
  const silent = ({ url }: CloneCandidate): number => Number(silentServers.has(serverOf(url)));
  return (options.offline ? candidates.filter(isHere) : candidates).toSorted((a, b) => silent(a) - silent(b));
}

/** Keeps in mind that a server was not there, or accepted and said nothing. */
export function rememberSilence({ silentServers }: Pick<Io, 'silentServers'>, { outcome, url }: FetchAttempt): void {
  if (outcome === 'too-slow' || outcome === 'unreachable') silentServers.add(serverOf(url));
}

function serverOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
