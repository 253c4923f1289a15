import semver from 'semver';
import type { ComponentPin } from '../../components/effective-pins.ts';
import { VERSION_BY_GIT } from '../../components/version-by-git.ts';
import { splitDigest } from '../../image-reference.ts';
import { goOfComponent } from '../../moby/go/component-go.ts';
import { NOTE_WORDS } from './note-words.ts';
import type { Note } from '../../types.ts';

/**
 * Components that somebody chose, or whose Go image somebody chose, and that ask for a newer Go than the planned image has: their step ends with
 * "go.mod requires go >= …". Nothing is said of pairs that moby's own releases have, for those were built. Pure.
 *
 * @param image what stage base starts from in the planned tree
 * @param chosen whether the user chose that image or its version
 */
export function componentGoNotes(
  pins: readonly ComponentPin[],
  image: string | null,
  chosen: boolean,
): readonly Note[] {
  const tag = /:([^:/]+)$/u.exec(splitDigest(image ?? '').plain)?.[1] ?? '';
  const [, has, rest = ''] = /^(\d+\.\d+(?:\.\d+)?)(-.*)?$/u.exec(tag) ?? [];
  if (has === undefined) return [];
  return pins.flatMap(({ component, pin, asked, from }) => {
    if (!asked && !chosen && from === 'tree') return [];
    const wants = VERSION_BY_GIT[component].repositories
      .map((name) => goOfComponent(name, pin))
      .find((go) => go !== null);
    if (wants === undefined || !isOlder(has, wants)) return [];
    return [
      {
        level: 'warning',
        code: 'component-go',
        ...NOTE_WORDS.componentGo(`${component} ${pin}`, wants, has, `golang:${wants}${rest}`),
      },
    ];
  });
}

function isOlder(a: string, b: string): boolean {
  const [left, right] = [semver.coerce(a), semver.coerce(b)];
  return left !== null && right !== null && semver.lt(left, right);
}
