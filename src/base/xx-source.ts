import { XX_PATH } from './base-packages.ts';
import type { BaseWish } from './base-wish.ts';
import type { HostSource } from '../handover/host-sources.ts';

/** The repository of xx, whose scripts stand for its image; null where the tree has no such image. Pure. */
export function xxSource({ xx }: BaseWish): HostSource | null {
  if (xx === null) return null;
  const { tag, commit } = xx;
  return {
    component: 'xx',
    upstream: 'https://github.com/tonistiigi/xx.git',
    points: [],
    wish: { title: `xx ${tag ?? commit}`, commit, tag, described: false },
    path: XX_PATH,
  };
}
