import { MIRROR_KINDS, type MirrorKind } from '../../types.ts';
import { usableIds, type Catalogue } from './catalogue.ts';
import type { Profile } from './profile.ts';

/** Kinds whose mirrors are measured; `builtin` stands for any frontend, and the others have no mirrors that differ. */
const FOR_AUTO: readonly MirrorKind[] = ['image', 'apt', 'git', 'gomod', 'http'];

/**
 * A built-in profile with its lists held against a catalogue, which may be the user's: `auto` gets every usable entry of each
 * kind, its own first and the official host last; `cn` keeps those that are there, or gets the catalogue's entries in China where
 * none is. Other profiles stay as they are. Pure.
 */
export function profileLists(profile: Profile, catalogue: Catalogue): Profile {
  if (profile.measured !== true) return profile;
  const mirrors: Partial<Record<MirrorKind, readonly string[]>> = {};
  for (const kind of MIRROR_KINDS) {
    const own = profile.mirrors[kind] ?? [];
    const usable = usableIds(catalogue, kind);
    const kept = own.filter((id) => id === 'builtin' || id === 'official' || usable.includes(id));
    if (profile.name !== 'auto') {
      const list = kept.length > 0 || own.length === 0 ? kept : inChina(catalogue, kind);
      if (list.length > 0) mirrors[kind] = list;
      continue;
    }
    if (!FOR_AUTO.includes(kind)) {
      if (kept.length > 0) mirrors[kind] = kept;
      continue;
    }
    const others = usable.filter((id) => !kept.includes(id) && id !== 'official');
    mirrors[kind] = [...kept, ...others, 'official'];
  }
  return { ...profile, mirrors };
}

function inChina(catalogue: Catalogue, kind: MirrorKind): readonly string[] {
  return usableIds(catalogue, kind).filter((id) =>
    catalogue.mirrors.some((entry) => entry.id === id && entry.kinds.includes(kind) && entry.region === 'cn'),
  );
}
