import type { Candidate } from '../candidates/candidates.ts';
import type { Resolutions } from './resolutions.ts';
import type { Scan } from '../../types.ts';

/** What was asked for and leaves nothing in a tree that could be found again: the tree is as asked, by an earlier plan or from the start. */
export function heldAlready(
  input: { readonly scan: Scan; readonly suite: string | undefined; readonly without: readonly string[] },
  move: Resolutions['suite'],
  frontend: readonly Candidate[],
): readonly string[] {
  const { points, stages } = input.scan;
  const held: string[] = [];
  if (frontend[0]?.via === 'dropped' && !points.some(({ kind }) => kind === 'frontend')) held.push('frontend');
  if (input.suite !== undefined && move === null) held.push('suite');
  for (const component of input.without) {
    const emptied = stages.some(({ name, image }) => name === component && image === null);
    if (emptied && !points.some(({ kind, url }) => kind === 'image' && url.includes(component))) held.push(component);
  }
  return held;
}
