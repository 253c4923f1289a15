import { isCommitId } from '../components/check-version.ts';
import type { ComponentPin } from '../components/effective-pins.ts';
import { VERSION_BY_GIT } from '../components/version-by-git.ts';
import { repositoryName } from '../egress/repositories.ts';
import type { Resolutions } from '../mirrors/resolutions.ts';
import type { ComponentWish } from '../source/fetch-component.ts';
import type { Entry } from '../store/entry.ts';
import type { EntryRecord } from '../store/record.ts';
import type { ComponentName, EgressPoint, Resolution, Scan, Tree } from '../types.ts';

/** A component's repository that is fetched by us and handed to the build. */
export interface HostSource {
  readonly component: ComponentName;
  /** What the tree would clone. */
  readonly upstream: string;
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
  readonly component: ComponentName;
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

/**
 * Series whose RUN steps see a folder of the tree while they clone: only there a repository can lie. In 20.10 the installers
 * are bind-mounted (moby Dockerfile at v20.10.0: --mount=type=bind,src=hack/dockerfile/install,target=/tmp/install), up to 22.06
 * they are copied one by one, and later trees clone nothing that `binary` needs.
 */
const MOUNTED: Readonly<Record<string, { readonly folder: string; readonly at: string; readonly mount: RegExp }>> = {
  '20.10': {
    folder: 'hack/dockerfile/install',
    at: '/tmp/install',
    mount: /--mount=type=bind,src=hack\/dockerfile\/install,target=\/tmp\/install\b/,
  },
};

/** Below that folder: nothing of moby's own is there. */
const SOURCES = 'sources';

/**
 * Which git points of the closure are met by sources that this machine fetches, and what is decided for them instead. A point
 * stays as it was decided where the series has no such folder, where the component is none that is known, or where its pin is
 * no full commit id and no tag. Pure.
 */
export function takeFromHost(
  input: {
    readonly tree: Tree;
    readonly series: string;
    readonly scan: Scan;
    readonly pins: readonly ComponentPin[];
  },
  resolutions: Resolutions,
): { readonly resolutions: Resolutions; readonly sources: readonly HostSource[] } {
  const place = MOUNTED[input.series];
  if (place === undefined || !place.mount.test(input.tree.get('Dockerfile')?.text ?? ''))
    return { resolutions, sources: [] };
  const sources: HostSource[] = [];
  const points = resolutions.points.map((resolution, index): Resolution => {
    const point = input.scan.points[index];
    const found = point === undefined ? null : sourceFor(point, input.pins, place.folder);
    if (found === null) return resolution;
    if (!sources.some(({ path }) => path === found.path)) sources.push(found);
    const { digits } = VERSION_BY_GIT[found.component];
    const path = found.path.replace(place.folder, place.at);
    const to = digits === null ? path : `-c core.abbrev=${String(digits)} ${path}`;
    const reason = 'fetched by this machine and checked, whatever mirror served it';
    return { pointId: resolution.pointId, via: 'host', mirror: null, to, reason };
  });
  return { resolutions: { ...resolutions, points }, sources };
}

function sourceFor(point: EgressPoint, pins: readonly ComponentPin[], folder: string): HostSource | null {
  if (point.kind !== 'git' || !point.inClosure || point.anchor === null || !point.file.startsWith(`${folder}/`))
    return null;
  const name = repositoryName(point.url);
  const pin = pins.find(
    ({ file, component }) => file === point.file && VERSION_BY_GIT[component].repositories.includes(name),
  );
  const wish = pin === undefined ? null : wishFor(pin);
  if (pin === undefined || wish === null) return null;
  return { component: pin.component, upstream: point.url, wish, path: `${folder}/${SOURCES}/${name}.git` };
}

const TAG = /^v\d[\w.+-]*$/;

/** What to fetch for a pin: the commit, and the tag that the tree's comment gives it; null for what is neither. */
function wishFor({ component, pin, note }: ComponentPin): ComponentWish | null {
  const { described } = VERSION_BY_GIT[component];
  if (/^[0-9a-f]{40}$/.test(pin)) {
    const tag = note !== null && TAG.test(note) ? note : null;
    return { title: `${component} ${tag ?? pin.slice(0, 12)}`, commit: pin, tag, described };
  }
  if (isCommitId(pin) || !TAG.test(pin)) return null;
  return { title: `${component} ${pin}`, commit: null, tag: pin, described };
}
