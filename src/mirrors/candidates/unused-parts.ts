import { DEFAULT_PART } from './repositories.ts';
import type { MirrorOverride } from '../catalogue/template.ts';
import { mirrorKeyText } from '../../names.ts';
import type { Note } from '../../types.ts';

/**
 * Notes on flags that name a mirror for a repository or a suite that the tree does not fetch: a name that was written wrong is silent
 * otherwise. A profile serves many trees, so its parts may go unused. Pure.
 * @param repositories of the tree's git points, as `partOfUrl` gives them
 * @param suites that the sources name; null: their release is not known
 */
export function unusedParts(
  overrides: readonly MirrorOverride[],
  repositories: readonly (string | null)[],
  suites: readonly string[] | null,
): readonly Note[] {
  const fetched = [...new Set(repositories)].flatMap((part) => (part === null ? [] : [part]));
  return overrides.flatMap(({ kind, part }): Note[] => {
    const known = kind === 'git' ? fetched : suites;
    const always = kind === 'git' ? [DEFAULT_PART] : ['debian', 'debian-security'];
    if (part === undefined || known === null || known.includes(part) || always.includes(part)) return [];
    const names = known.map((each) => mirrorKeyText({ kind, part: each }).slice(`${kind}:`.length));
    return [
      {
        level: 'warning',
        code: 'part-unused',
        message: `${mirrorKeyText({ kind, part })} names a ${kind === 'git' ? 'repository' : 'suite'} that this tree does not fetch.`,
        hint: `It fetches ${names.join(', ')}.`,
      },
    ];
  });
}
