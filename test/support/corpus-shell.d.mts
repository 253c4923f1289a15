import type { Arbitrary } from 'fast-check';

/** Shell scripts put together from hand-written pieces, damaged in up to `maxMutations` places. */
export function shellScripts(maxMutations: number): Arbitrary<string>;
/** Words of a Dockerfile for the expander. */
export function dockerfileWords(): Arbitrary<string>;
