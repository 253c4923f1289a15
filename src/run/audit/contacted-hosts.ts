import { hostOf } from '../../egress/world/default-hosts.ts';
import type { AskedHost } from './asked-hosts.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import { parseSourcesList } from '../../mirrors/apt/sources-list.ts';
import { EGRESS_KINDS, type EgressKind, type Scan } from '../../types.ts';

/** A host, and who contacts it for what. */
export interface HostUse {
  /** As points name it: `<debian default>` where the tree names none. */
  readonly host: string;
  readonly kinds: readonly EgressKind[];
  /** Of these, what the target needs: of the tree as it is, and of a build under the profile. */
  readonly closureKinds: readonly EgressKind[];
  /** Needed by the target: by the tree as it is, or by a build under the profile. */
  readonly inClosure: boolean;
  /** The tree as it is names it. */
  readonly inTree: boolean;
  /** A build of the target under the profile contacts it. */
  readonly contacted: boolean;
  /** What it may be asked for beside that: by a measurement, for what an image is, or where another mirror fails. */
  readonly askedFor: readonly EgressKind[];
}

/**
 * The hosts of a tree before and after its rewrite, those that a build contacts first, those that it may ask, then by name.
 *
 * @param before the tree as it is
 * @param after the scan of the tree as a build would have it; `before` itself where nothing is rewritten
 * @param resolutions what was decided, where it holds: a list of Go proxies and Debian's security archive are more than a point shows
 * @param asked of `askedHosts`
 */
export function contactedHosts(
  before: Scan,
  after: Scan,
  resolutions: Resolutions | null,
  asked: readonly AskedHost[],
): readonly HostUse[] {
  const uses = new Map<string, Use>();
  const use = (host: string, kind: EgressKind) => {
    const known = uses.get(host) ?? {
      ...{ all: new Set(), closure: new Set(), askedFor: new Set() },
      ...{ inTree: false, contacted: false },
    };
    uses.set(host, known);
    known.all.add(kind);
    return known;
  };
  for (const { host, kind, inClosure } of before.points) {
    const known = use(host, kind);
    known.inTree = true;
    if (inClosure) known.closure.add(kind);
  }
  const contact = (host: string, kind: EgressKind) => {
    const known = use(host, kind);
    known.contacted = true;
    known.closure.add(kind);
  };
  const inside = after.points.filter(({ inClosure }) => inClosure);
  for (const { host, hosts, kind } of inside) for (const each of hosts ?? [host]) contact(each, kind);
  if (resolutions !== null) {
    for (const [kind, hosts] of [
      ['apt', aptHosts(resolutions)],
      ['gomod', goHosts(before, resolutions)],
    ] as const) {
      if (inside.some((point) => point.kind === kind)) for (const host of hosts) contact(host, kind);
    }
  }
  for (const { host, kind } of asked) use(host, kind).askedFor.add(kind);
  return [...uses]
    .map(([host, { all, closure, askedFor, ...facts }]) => ({
      host,
      kinds: EGRESS_KINDS.filter((kind) => all.has(kind)),
      closureKinds: EGRESS_KINDS.filter((kind) => closure.has(kind)),
      inClosure: closure.size > 0,
      ...facts,
      askedFor: EGRESS_KINDS.filter((kind) => askedFor.has(kind)),
    }))
    .sort((a, b) => rank(a) - rank(b) || (a.host < b.host ? -1 : 1));
}

interface Use {
  readonly all: Set<EgressKind>;
  readonly closure: Set<EgressKind>;
  readonly askedFor: Set<EgressKind>;
  inTree: boolean;
  contacted: boolean;
}

function rank({ contacted, inClosure, askedFor }: HostUse): number {
  return contacted ? 0 : askedFor.length > 0 ? 1 : inClosure ? 2 : 3;
}

/** Release and security archive, or those of the user's own sources.list. */
function aptHosts({ apt }: Resolutions): readonly string[] {
  if (apt === null) return [];
  const urls =
    apt.text !== null
      ? parseSourcesList(apt.text).map(({ url }) => url)
      : apt.lists !== null
        ? [...apt.lists.debian, ...apt.lists.security]
        : [apt.debian, apt.security];
  return urls.map(hostOf).filter((host) => host !== '');
}

/** Its name is its host, unless an address stands behind it. */
function sumdbHost(value: string): string {
  const [name = '', url] = value.split(' ');
  return url === undefined ? (/^[\w.-]+/.exec(name)?.[0] ?? '') : hostOf(url);
}

/** Each proxy of a GOPROXY list: the next one is asked when one fails. */
function goHosts({ points }: Scan, resolutions: Resolutions): readonly string[] {
  const lists = points.map(({ kind, inClosure }, index) =>
    kind === 'gomod' && inClosure ? (resolutions.points[index]?.to ?? '') : '',
  );
  // The checksum database that a plan names is asked by the go command itself.
  const sumdb = resolutions.gosumdb === null ? [] : [sumdbHost(resolutions.gosumdb)];
  const proxies = lists.flatMap((list) => list.split(/[,|]/).map(hostOf));
  return [...proxies, ...(lists.some((list) => list !== '') ? sumdb : [])].filter(
    (host) => host !== '' && host !== 'off',
  );
}
