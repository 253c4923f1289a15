import type { Arbitrary } from 'fast-check';

/** Dockerfiles put together from hand-written pieces, damaged in up to `maxMutations` places. */
export function dockerfiles(maxMutations: number): Arbitrary<string>;
