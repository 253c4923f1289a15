import { aptLocation, DEBIAN_DEFAULT, goLocations, hostOf } from '../egress/world/default-hosts.ts';
import { scan } from '../egress/scan.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { listSource } from '../mirrors/apt/apt-lists.ts';
import type { Resolutions } from '../mirrors/resolve/resolutions.ts';
import { parseSourcesList } from '../mirrors/apt/sources-list.ts';
import type { Resolution } from '../mirrors/resolve/resolutions.ts';
import type { EgressPoint, Scan, ScanOptions, Tree } from '../types.ts';
import type { DecidedPoint } from './operations/conditions.ts';

/**
 * The proof: scans the rewritten tree afresh and compares it with what was decided. Dropped points must be gone, the others
 * must be found as their rewrite says, and nothing new may have come into the closure.
 * @param after the whole tree after all patches
 * @param before the scan that the decisions were made on
 * @returns what each point of `before` contacts in the rewritten tree, by its id; a point that is gone is not there
 * Throws MobyBuildError `proof-failed` (4) that names every point which is not as decided.
 */
export function prove(
  after: Tree,
  before: Scan,
  options: ScanOptions,
  resolutions: Resolutions,
): ReadonlyMap<string, string> {
  const { problems, becomes } = compare(scan(after, options), before, resolutions);
  if (problems.length === 0) return becomes;
  throw new MobyBuildError({
    code: 'proof-failed',
    exitCode: EXIT.tree,
    message: `The rewritten tree does not reach out as planned:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    where: problems[0]?.split(' ')[0],
    hint: 'Nothing was changed. The tree holds something that the rules do not foresee.',
  });
}

/** What a fresh scan shows otherwise than it was decided; empty when it agrees. */
export function disagreements(fresh: Scan, before: Scan, resolutions: Resolutions): readonly string[] {
  return compare(fresh, before, resolutions).problems;
}

interface Compared {
  readonly problems: readonly string[];
  readonly becomes: ReadonlyMap<string, string>;
}

function compare(fresh: Scan, before: Scan, resolutions: Resolutions): Compared {
  const problems: string[] = [];
  const becomes = new Map<string, string>();
  const left = new Set(fresh.points);
  const decided: readonly DecidedPoint[] = before.points.map((point, index) => {
    const resolution = resolutions.points[index];
    if (resolution?.pointId !== point.id) throw new Error(`the resolutions are not those of this scan: ${point.id}`);
    return { point, resolution };
  });
  // Those that must stand somewhere first: a point that stays as it is would else be taken for one of them.
  const [fixed, dropped] = [decided.filter((item) => !reachesNobody(item)), decided.filter(reachesNobody)];
  for (const item of fixed) {
    const found = [...left].find((point) => samePlace(point, item.point) && asDecided(point, item, resolutions));
    if (found === undefined) {
      const there = fresh.points.filter((point) => samePlace(point, item.point)).map(shown);
      problems.push(
        `${item.point.id} (${item.point.url}) should be ${expectation(item, resolutions)}, but there is ${there.length === 0 ? 'nothing' : there.join(', ')}`,
      );
    } else {
      left.delete(found);
      becomes.set(item.point.id, found.url);
    }
  }
  for (const { point } of dropped) {
    const still = [...left].find((candidate) => samePlace(candidate, point));
    if (still === undefined) continue;
    problems.push(`${point.id} (${point.url}) should be gone, but there is ${still.url}`);
    left.delete(still);
  }
  for (const point of left) problems.push(`${point.id} (${point.url}) is new`);
  const unknownBefore = new Set(before.unknown.map(({ stage, text }) => `${stage} ${text}`));
  for (const { file, line, stage, text } of fresh.unknown) {
    if (!unknownBefore.has(`${stage} ${text}`))
      problems.push(`${file}:${String(line)} in stage ${stage} cannot be placed: ${text}`);
  }
  return { problems, becomes };
}

/** A point that is gone, or that takes what this machine fetched before; modules of a folder are asked of nobody (`goLocations`). */
function reachesNobody({ point, resolution: { via, to } }: DecidedPoint): boolean {
  return via === 'dropped' || via === 'host' || (point.kind === 'gomod' && to !== null && goLocations(to).length === 0);
}

function samePlace(a: EgressPoint, b: EgressPoint): boolean {
  return (
    a.kind === b.kind &&
    a.stage === b.stage &&
    a.inClosure === b.inClosure &&
    a.platform === b.platform &&
    withoutVersion(a.module) === withoutVersion(b.module)
  );
}

/** `path@v1.2.3`: which version is loaded is no question of places, and `--component` may change it. */
function withoutVersion(module: string | undefined): string | undefined {
  return module?.replaceAll(/@[^\s/]+/g, '');
}

/** Whether a point of the fresh scan is what was decided for one of the scan before. */
function asDecided(found: EgressPoint, { point, resolution }: DecidedPoint, resolutions: Resolutions): boolean {
  // Sources of the image's own beside ours: apt would ask those too.
  if (found.kind === 'apt' && resolution.via === 'mirror' && (found.note ?? '').includes(DEBIAN_DEFAULT)) return false;
  // Every host of a list must be one that was decided, in that order.
  if (!sameHosts(found, resolution, resolutions)) return false;
  if (resolution.via === 'none' || resolution.via === 'upstream' || resolution.via === 'mirror') {
    const url = expectedUrl(point, resolution.to, resolution.via === 'none', resolutions);
    // Text with variables is compared as it stands, for their values may have moved with the suite.
    if (resolution.to !== null && found.anchor !== null && found.anchor.text === resolution.to) return true;
    if (url === null) return movedOrSame(found, point, resolutions);
    return bare(found.url) === bare(url);
  }
  return movedOrSame(found, point, resolutions);
}

/** The URL that a point without an anchor of its own must show; null: as before. */
function expectedUrl(
  point: EgressPoint,
  to: string | null,
  undecided: boolean,
  resolutions: Resolutions,
): string | null {
  if (point.kind === 'apt' && !undecided && resolutions.apt !== null) {
    const { apt } = resolutions;
    const base = apt.text === null ? apt.debian : (parseSourcesList(apt.text)[0]?.url ?? '');
    return aptLocation(base).url;
  }
  if (point.kind === 'gomod' && to !== null) return firstProxy(to);
  return to;
}

/** Whether a source that stands for a list of mirrors shows the list's hosts, and no other. */
function sameHosts(found: EgressPoint, { via, to }: Resolution, { apt }: Resolutions): boolean {
  const lists = apt?.lists ?? null;
  if (apt === null || lists === null) return true;
  const expected =
    found.kind === 'apt' && via !== 'none'
      ? [...lists.debian, ...lists.security]
      : to === listSource('debian')
        ? lists.debian
        : to === listSource('security')
          ? lists.security
          : null;
  if (expected === null) return true;
  const hosts = new Set(expected.map(hostOf).map((host) => aptLocation(`http://${host}`).host));
  return (found.hosts ?? [found.host]).join(' ') === [...hosts].join(' ');
}

/** The hosts beside the first one are a part of what was found. */
function shown({ url, note, hosts }: EgressPoint): string {
  return hosts === undefined ? url : `${url} (${note ?? ''})`;
}

/** `http://host/debian/` and `http://host/debian` are one place. */
function bare(url: string): string {
  return url.replace(/\/$/, '');
}

function firstProxy(list: string): string {
  return list.split(/[,|]/)[0] ?? '';
}

function movedOrSame(found: EgressPoint, point: EgressPoint, { suite }: Resolutions): boolean {
  if (found.url === point.url) return true;
  // `debian:${BASE_DEBIAN_DISTRO}` follows a move; its text does not change.
  return suite !== null && found.anchor !== null && found.anchor.text === point.anchor?.text;
}

function expectation({ point, resolution }: DecidedPoint, resolutions: Resolutions): string {
  return expectedUrl(point, resolution.to, resolution.via === 'none', resolutions) ?? resolution.to ?? 'as it was';
}
