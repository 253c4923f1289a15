import type { Scan } from '../../types.ts';
import { moduleOf } from '../candidates/need.ts';
import type { AptChoice, Resolution, Resolutions } from '../resolve/resolutions.ts';
import { parseSourcesList } from '../apt/sources-list.ts';

/** A suite, and where the build gets it. */
export interface ServedSuite {
  readonly suite: string;
  /** The URL before `/dists`. */
  readonly base: string;
  readonly mirror: string | null;
}

/** A module that the tree names with its version, and who may serve it. */
export interface ServedModule {
  readonly path: string;
  readonly version: string;
  /** In the order in which the build asks; empty: the official proxy. */
  readonly proxies: readonly string[];
  readonly mirror: string | null;
}

/** The suites that the build's sources name, with their places; none where the tree keeps the sources of its image. Pure. */
export function servedSuites(scan: Scan, { apt, points }: Resolutions): readonly ServedSuite[] {
  // Sources that no step of the closure reads are fetched by nobody.
  const isRead = scan.points.some((point, index) => point.kind === 'apt' && point.inClosure && isMet(points[index]));
  const own = apt === null || !isRead ? [] : suitesOf(apt);
  const added = scan.points.flatMap((point, index): ServedSuite[] => {
    const to = points[index]?.to ?? null;
    if (point.kind !== 'apt-source' || !point.inClosure || point.suite === undefined || to === null) return [];
    return [{ suite: point.suite, base: to, mirror: points[index]?.mirror ?? null }];
  });
  const all = [...own, ...added].map((each) => ({ ...each, base: each.base.replace(/\/+$/u, '') }));
  return all.filter(({ suite }, index) => all.findIndex((each) => each.suite === suite) === index);
}

/** The suites of stage `base`, each with its place. */
function suitesOf(apt: AptChoice): readonly ServedSuite[] {
  if (apt.text !== null)
    return parseSourcesList(apt.text).map(({ url, suite }) => ({ suite, base: url, mirror: apt.mirror }));
  const more = apt.form === 'recipe' ? `${apt.suite}-backports` : apt.backportsSuite;
  const suites = [apt.suite, `${apt.suite}-updates`, ...(more === null ? [] : [more])];
  return [
    ...suites.map((suite) => ({ suite, base: apt.debian, mirror: apt.mirror })),
    { suite: apt.securitySuite, base: apt.security, mirror: apt.mirror },
  ];
}

function isMet(resolution: Resolution | undefined): boolean {
  return resolution !== undefined && resolution.via !== 'dropped' && resolution.via !== 'none';
}

/** The modules that the closure names by version. Those of a checkout are fixed by its go.sum, and so by its commit. Pure. */
export function servedModules(scan: Scan, { points, goproxy }: Resolutions): readonly ServedModule[] {
  const all = scan.points.flatMap((point, index): ServedModule[] => {
    const named = point.kind === 'gomod' && point.inClosure ? moduleOf(point) : null;
    const resolution: Resolution | undefined = points[index];
    if (named === null || resolution === undefined) return [];
    const list = resolution.to ?? goproxy ?? '';
    const proxies = list.split(/[,|]/u).filter((each) => /^https?:\/\//u.test(each));
    return [{ ...named, proxies: proxies.map((each) => each.replace(/\/+$/u, '')), mirror: resolution.mirror }];
  });
  return all.filter(
    ({ path, version }, index) => all.findIndex((each) => each.path === path && each.version === version) === index,
  );
}
