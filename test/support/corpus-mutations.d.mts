import type { Arbitrary } from 'fast-check';

export interface Mutation {
  kind: string;
  at: number;
  with: string;
}
/** Up to `max` changes; `tokens` may be put into a line. */
export function mutations(tokens: readonly string[], max: number): Arbitrary<Mutation[]>;
export function mutate(text: string, list: readonly Mutation[]): string;
