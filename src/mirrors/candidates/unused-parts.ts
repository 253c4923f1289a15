import { DEFAULT_PART } from './repositories.ts';
import type { MirrorOverride } from '../catalogue/template.ts';
import { mirrorKeyText } from '../../names.ts';
import type { Note } from '../../types.ts';

/**
 * Notes on flags that name a mirror for a repository that the tree does not fetch: a name that was written wrong is silent otherwise. A
 * profile serves many trees, so its parts may go unused. Pure.
 * @param repositories of the tree's git points, as `partOfUrl` gives them
 */
export function unusedParts(
  overrides: readonly MirrorOverride[],
  repositories: readonly (string | null)[],
): readonly Note[] {
  const known = [...new Set(repositories)].flatMap((part) => (part === null ? [] : [part]));
  return overrides.flatMap(({ kind, part }): Note[] => {
    if (kind !== 'git' || part === undefined || part === DEFAULT_PART || known.includes(part)) return [];
    const names = known.map((each) => mirrorKeyText({ kind, part: each }).slice('git:'.length));
    return [
      {
        level: 'warning',
        code: 'part-unused',
        message: `${mirrorKeyText({ kind, part })} names a repository that this tree does not fetch.`,
        hint: `It fetches ${names.join(', ')}.`,
      },
    ];
  });
}
