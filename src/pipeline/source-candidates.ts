import type { CloneCandidate } from '../source/transfer.ts';
import { cloneCandidates } from './clone-candidates.ts';
import type { HostSource } from './host-sources.ts';
import { known, type RunState } from './state.ts';

/** Who is asked for a source, in this order: as it was measured for the points that it meets, where it was. */
export function sourceCandidates(state: RunState, { upstream, points }: HostSource): readonly CloneCandidate[] {
  const { order, overrides } = state;
  return cloneCandidates(upstream, known(state, 'profile'), known(state, 'catalogue'), overrides, (list) =>
    order === null ? list : order('git', points[0] ?? null, list),
  );
}
