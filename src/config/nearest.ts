import { closestMatch } from 'leven';

/** The candidate that a mistyped word most likely meant (at most a third of its letters away), or null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  return closestMatch(word.toLowerCase(), candidates, { maxDistance }) ?? null;
}

/** `; did you mean --mirror?`, or nothing where no candidate is near. */
export function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
  const found = nearest(word, candidates);
  return found === null ? '' : `; did you mean ${prefix}${found}?`;
}
