import type { ComponentPin } from '../components/effective-pins.ts';
import { VERSION_BY_GIT } from '../components/version-by-git.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { isDropped } from '../mirrors/resolve/asked-points.ts';
import type { Resolutions } from '../mirrors/resolve/resolutions.ts';
import type { ComponentWish } from '../source/fetch-component.ts';
import type { Entry } from '../store/entry.ts';
import type { EntryRecord } from '../store/record.ts';
import type { HandIn, Resolution } from '../mirrors/resolve/resolutions.ts';
import type { Anchor, Scan, SourceName, Tree } from '../types.ts';
import { gitWishes, type GitWish } from './git-wishes.ts';
import { handInFor } from './hand-in.ts';

/** A component's repository that is fetched by us and handed to the build. */
export interface HostSource {
  readonly component: SourceName;
  /** What the tree would clone. */
  readonly upstream: string;
  /** The points that it meets. */
  readonly points: readonly string[];
  readonly wish: ComponentWish;
  /** Where its bare repository goes, inside the tree. */
  readonly path: string;
}

/** A source that lies in the store and is sound. */
export interface ReadySource {
  readonly source: HostSource;
  readonly entry: Entry;
  /** Bytes that this run received for it; 0 where it was in the store. */
  readonly receivedBytes: number;
  readonly fromStore: boolean;
}

/** A handed-in source as manifest and `--json` tell it. */
export interface SourceFacts extends Pick<EntryRecord, 'commit' | 'history' | 'upstream' | 'mirror' | 'url'> {
  readonly tags: string[];
  readonly component: SourceName;
  readonly receivedBytes: number;
  readonly path: string;
}

export function sourceFacts({ source, entry, receivedBytes }: ReadySource): SourceFacts {
  const { commit, tags, history, upstream, mirror, url } = entry.record;
  return {
    component: source.component,
    commit,
    tags: [...tags],
    history,
    upstream,
    mirror,
    url,
    receivedBytes,
    path: source.path,
  };
}

export interface TakenFromHost {
  readonly resolutions: Resolutions;
  readonly sources: readonly HostSource[];
}

/**
 * Which git points of the closure are met by sources that this machine fetches, and what is decided for them instead. A point
 * stays as it was decided where what it fetches is not known (`gitWishes`) or its step is of no known shape (`handInFor`). Pure.
 */
export function takeFromHost(
  { tree, scan, pins }: { readonly tree: Tree; readonly scan: Scan; readonly pins: readonly ComponentPin[] },
  resolutions: Resolutions,
): TakenFromHost {
  const dockerfile = parseDockerfile(tree.get('Dockerfile')?.text ?? '', 'Dockerfile');
  const sources = new Map<string, HostSource>();
  const decided = new Map<string, Resolution>();
  for (const found of gitWishes(scan.points, pins)) {
    const { point, component, upstream, wish, name } = found;
    if (isDropped(resolutions, point.id)) continue;
    const handIn = handInFor(point, dockerfile, name);
    const before = handIn === null ? undefined : sources.get(handIn.path);
    // One repository in two versions would need two places.
    if (handIn === null || (before !== undefined && before.wish.title !== wish.title)) continue;
    const points = [...(before?.points ?? []), point.id];
    sources.set(handIn.path, { component, upstream, points, wish, path: handIn.path });
    const reason = 'fetched by this machine and checked, whatever mirror served it';
    const to = textFor(found, handIn, tree);
    decided.set(point.id, { pointId: point.id, via: 'host', mirror: null, to, reason, handIn });
  }
  const points = resolutions.points.map((resolution) => decided.get(resolution.pointId) ?? resolution);
  return { resolutions: { ...resolutions, points }, sources: [...sources.values()] };
}

/** A clone is told the digits that it would take by itself if it were whole; a step that fetches one commit takes those of one. */
function textFor({ point, component }: GitWish, { at }: HandIn, tree: Tree): string {
  const { digits } = VERSION_BY_GIT[component];
  return digits !== null && point.anchor !== null && isOfClone(point.anchor, tree)
    ? `-c core.abbrev=${String(digits)} ${at}`
    : at;
}

function isOfClone({ file, start }: Anchor, tree: Tree): boolean {
  const before = (tree.get(file)?.text ?? '').slice(0, start);
  return /\bgit\s+clone\s+(?:\S+\s+)*$/.test(before.slice(before.lastIndexOf('\n') + 1));
}
