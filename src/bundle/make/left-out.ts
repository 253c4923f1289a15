import { basename } from 'node:path';
import type { OlderBundle } from '../format/contents.ts';
import { comparePaths } from '../format/sums.ts';
import type { NamedBundle } from '../join-bundles.ts';

/** What a bundle holds, and what it leaves to older ones: each with the files that lie in it. Pure. */
export function heldBy({ file, located }: NamedBundle): readonly OlderBundle[] {
  const { contents, seen } = located.verified;
  const mine = [...seen.sizes].map(([path, bytes]) => ({ path, bytes, sha256: seen.sums.get(path) ?? '' }));
  return [{ name: basename(file), sha256: located.sha256, files: mine }, ...contents.since];
}

/**
 * The files that older bundles have with the same bytes, each once, by the bundle in which they lie. Pure.
 *
 * @param files of the new bundle, by path
 */
export function leftTo(
  held: readonly OlderBundle[],
  files: ReadonlyMap<string, { readonly sha256: string }>,
): OlderBundle[] {
  const taken = new Set<string>();
  const isLeft = ({ path, sha256 }: OlderBundle['files'][number]): boolean => {
    const left = files.get(path)?.sha256 === sha256 && !taken.has(path);
    if (left) taken.add(path);
    return left;
  };
  return held
    .map((each) => ({ ...each, files: each.files.filter(isLeft).sort((a, b) => comparePaths(a.path, b.path)) }))
    .filter((each) => each.files.length > 0);
}
