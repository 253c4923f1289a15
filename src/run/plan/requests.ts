import { effectivePins } from '../../components/effective-pins.ts';
import { buildArchOf } from './build-arch.ts';
import { askedPoints, beforeAsking } from '../../mirrors/resolve/asked-points.ts';
import { candidatesOf, partsOf, type Candidate, type MirrorWishes } from '../../mirrors/candidates/candidates.ts';
import { neededObjects, type Need, type WantedRepository } from '../../mirrors/candidates/need.ts';
import {
  differsByRepository,
  originalRepository,
  repositoryCandidates,
} from '../../mirrors/candidates/repositories.ts';
import { decideSuite } from '../../mirrors/resolve/resolve-suite.ts';
import type { Scan } from '../../types.ts';
import { decide } from './make-plan.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Scanned } from '../stage/stages.ts';

/**
 * What the mirrors of the profile are asked for: the objects behind the points that the plan would take from one of them. The plan's
 * own decision says which these are, so whatever it drops or takes from a flag is asked of nobody.
 *
 * @param pinOf which commit or tag a clone needs; null where that does not matter
 * @throws MobyBuildError as `decide` says
 */
export async function requestsFor(
  from: Checked & Partial<Pick<Scanned, 'machine'>>,
  io: Io,
  scan: Scan,
  pinOf: Parameters<typeof neededObjects>[0]['pinOf'],
): Promise<readonly Need[]> {
  const { options } = from;
  const decided = await decide(from, io, scan, { order: beforeAsking, pins: undefined });
  const needs = neededObjects({
    scan,
    points: askedPoints(scan, decided),
    arch: options.arch,
    buildArch: buildArchOf(from),
    suite: decideSuite(scan.facts, options.images, options.suite ?? undefined).target?.codename ?? null,
    securityElsewhere: candidatesFor(from, { kind: 'apt-security' }).length > 0,
    pinOf,
    aptParts: partsOf('apt', from),
    repositoryOf: ({ url }) => wantedRepository(from, url),
  });
  return needs.filter((need) => candidatesFor(from, need).some(({ byFlag }) => !byFlag));
}

/** The requests of this run's own tree. Throws as `requestsFor` does. */
export async function needsOf(from: Scanned, io: Io): Promise<readonly Need[]> {
  const { scan, source, components, options } = from;
  const pins = effectivePins(source.files, scan, components, options.buildArgs);
  return requestsFor(
    from,
    io,
    scan,
    ({ stage, file }) =>
      pins.find((pin) => pin.stages.includes(stage) || (pin.file === file && file !== 'Dockerfile'))?.pin ?? null,
  );
}

/** A repository that mirrors keep under names of its own is asked for by itself, and so is one that has mirrors of its own. */
function wantedRepository(from: Checked, url: string): WantedRepository {
  const original = originalRepository(url, from);
  const candidates = repositoryCandidates(original, from);
  const part = candidates[0]?.part;
  return { url: original, alone: part !== undefined || candidates.some(differsByRepository), part };
}

/** The mirrors that may serve an object, in the profile's order. */
export function candidatesFor(from: MirrorWishes, { kind, part }: Pick<Need, 'kind' | 'part'>): readonly Candidate[] {
  const list =
    part === undefined
      ? candidatesOf(kind, from.profile, from.catalogue, from.overrides)
      : partsOf(kind, from).filter((candidate) => candidate.part === part);
  return list.filter(({ via }) => via !== 'dropped');
}
