import { closestMatch } from 'leven';

/** The candidate that a mistyped word most likely meant (two letters away, one where it has two itself, a third of a long one), or null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const maxDistance = word.length <= 2 ? 1 : Math.max(2, Math.floor(word.length / 3));
  return closestMatch(word.toLowerCase(), candidates, { maxDistance }) ?? null;
}

/** `; did you mean --mirror?`, or nothing where no candidate is near. */
export function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
  const found = nearest(word, candidates);
  return found === null ? '' : `; did you mean ${prefix}${found}?`;
}
