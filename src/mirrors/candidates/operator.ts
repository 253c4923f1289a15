import type { Candidate } from './candidates.ts';

/** Who answers for what a mirror says. */
export interface Operator {
  /** Two mirrors with one key are one voice. */
  readonly key: string;
  /** For a person: `DaoCloud`, `an operator that nobody knows`. */
  readonly name: string;
}

/**
 * Whose word a mirror's is. Nobody can tell whether two mirrors whose operators are unknown belong to one person, so they are one
 * voice; so are those that the user names by value. A catalogue of the user's own (`--catalogue`) says who runs them. Pure.
 */
export function operatorOf({ entry, template }: Pick<Candidate, 'entry' | 'template'>): Operator {
  if (entry === null && template === null) return { key: 'official', name: 'the official registry' };
  if (entry === null) return { key: 'yours', name: 'a registry of yours' };
  if (entry.official === true) return { key: 'official', name: 'the official registry' };
  if (/\bunknown\b/iu.test(entry.operator)) return { key: 'unknown', name: 'an unknown operator' };
  const name = entry.operator.trim();
  return { key: `operator ${name.toLowerCase()}`, name };
}
