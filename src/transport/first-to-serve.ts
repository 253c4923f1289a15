import { throwIfStopping } from '../system/process/supervisor.ts';
import type { FetchAttempt } from './fetch-failure.ts';
import type { FetchFailure } from './fetch-outcome.ts';
import type { FetchProgress } from './fetch-progress.ts';
import type { CloneCandidate } from './transfer.ts';

/** Is told how the candidates fare. */
export interface FetchListener {
  readonly onProgress?: ((progress: FetchProgress, candidate: CloneCandidate) => void) | undefined;
  /** Called when a candidate failed and the next one comes, if there is one. */
  readonly onFailure?: ((attempt: FetchAttempt) => void) | undefined;
  /** Called before the same candidate is tried again, with the milliseconds until then. */
  readonly onAgain?: ((attempt: FetchAttempt, waitMs: number) => void) | undefined;
}

/**
 * Asks one candidate after the other, until one serves.
 *
 * @returns the failures of all where none did. Throws what `attempt` throws, and `interrupted`.
 */
export async function firstToServe<Candidate extends CloneCandidate, Served extends object>(
  candidates: Iterable<Candidate> | AsyncIterable<Candidate>,
  attempt: (candidate: Candidate) => Promise<Served | FetchFailure>,
  { onFailure }: FetchListener,
): Promise<
  | { readonly served: Served; readonly candidate: Candidate; readonly failed: readonly FetchAttempt[] }
  | { readonly served: null; readonly failed: readonly FetchAttempt[] }
> {
  const failed: FetchAttempt[] = [];
  for await (const candidate of candidates) {
    throwIfStopping();
    const result = await attempt(candidate);
    if (!('outcome' in result)) return { served: result, candidate, failed };
    failed.push({ ...result, ...candidate });
    onFailure?.({ ...result, ...candidate });
  }
  return { served: null, failed };
}
