import type { EgressPoint } from '../types.ts';

/** What of a point may differ between two trees; lines and ids always do, and are no change. */
const FACTS = ['url', 'stage', 'file', 'inClosure', 'platform', 'suite', 'module'] as const;
export type ChangedFact = (typeof FACTS)[number];

export interface ChangedPoint<Point extends EgressPoint> {
  readonly before: Point;
  readonly after: Point;
  /** Never empty. */
  readonly changes: readonly ChangedFact[];
}

/** What changed between two trees, each list in the order of the text. */
export interface Drift<Point extends EgressPoint> {
  readonly added: readonly Point[];
  readonly removed: readonly Point[];
  readonly changed: readonly ChangedPoint<Point>[];
  /** How many are the same but for their lines. */
  readonly same: number;
}

/** Kinds whose URL names the thing that is fetched, so that it is the same thing in another stage. */
const NAMES_ITS_THING: readonly EgressPoint['kind'][] = ['frontend', 'image', 'git', 'http', 'frozen-image'];

/**
 * Compares the points of two trees. Points are paired from the surest sign to the weakest: all facts; the same thing in the same stage; the
 * same URL, then the same thing, in another stage; what is left alone of its kind in its stage. The rest came or went. Pure.
 */
export function driftOf<Point extends EgressPoint>(before: readonly Point[], after: readonly Point[]): Drift<Point> {
  const pairs = new Map<Point, Point>();
  const left = new Set(before);
  const coming = (): readonly Point[] => after.filter((point) => !pairs.has(point));
  for (const sign of SIGNS) {
    for (const point of coming()) {
      const wanted = sign(point);
      const partner = wanted === null ? undefined : [...left].find((candidate) => sign(candidate) === wanted);
      if (partner === undefined) continue;
      pairs.set(point, partner);
      left.delete(partner);
    }
  }
  for (const point of coming()) {
    const mates = coming().filter((other) => place(other) === place(point));
    const partners = [...left].filter((other) => place(other) === place(point));
    const [partner] = partners;
    if (mates.length !== 1 || partners.length !== 1 || partner === undefined) continue;
    pairs.set(point, partner);
    left.delete(partner);
  }
  const paired = after.flatMap((point) => {
    const partner = pairs.get(point);
    if (partner === undefined) return [];
    return [{ before: partner, after: point, changes: FACTS.filter((fact) => partner[fact] !== point[fact]) }];
  });
  const changed = paired.filter(({ changes }) => changes.length > 0);
  return { added: coming(), removed: [...left], changed, same: paired.length - changed.length };
}

type Sign = (point: EgressPoint) => string | null;

const SIGNS: readonly Sign[] = [
  (point) => JSON.stringify([point.kind, ...FACTS.map((fact) => point[fact])]),
  (point) => JSON.stringify([point.kind, point.stage, point.url, point.platform, point.suite, point.module]),
  (point) => JSON.stringify([point.kind, point.stage, thingOf(point), point.platform]),
  (point) => JSON.stringify([point.kind, point.stage, thingOf(point)]),
  (point) => (namesItsThing(point) ? JSON.stringify([point.kind, point.url, point.module, point.platform]) : null),
  (point) => (namesItsThing(point) ? JSON.stringify([point.kind, thingOf(point)]) : null),
];

function namesItsThing({ kind, module }: EgressPoint): boolean {
  return NAMES_ITS_THING.includes(kind) || (kind === 'gomod' && module !== undefined);
}

function place({ kind, stage }: EgressPoint): string {
  return `${kind} ${stage}`;
}

/** What is fetched, without its version: the image without tag and digest, the module without `@v1`, the URL without digits and query. */
function thingOf({ kind, url, module, suite }: EgressPoint): string {
  switch (kind) {
    case 'frontend':
    case 'image':
    case 'frozen-image':
      return url.replace(/@sha256:.*$/u, '').replace(/:[^/]*$/u, '');
    case 'gomod':
      return module?.replace(/@\S+/u, '') ?? url;
    case 'apt-source':
      return suite?.replace(/^[a-z]+/u, '') ?? url;
    case 'git':
    case 'http':
    case 'apt':
    case 'pip':
      return url.replace(/[?#].*$/u, '').replace(/\d+/gu, '');
  }
}
