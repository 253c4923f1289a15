import { effectivePins } from '../../components/effective-pins.ts';
import { archOfNode } from '../../cpus.ts';
import { askedPoints, beforeAsking } from '../../mirrors/resolve/asked-points.ts';
import { candidatesOf, type Candidate } from '../../mirrors/candidates/candidates.ts';
import { neededObjects, type Need } from '../../mirrors/candidates/need.ts';
import { decideSuite } from '../../mirrors/resolve/resolve-suite.ts';
import type { MirrorKind, Scan } from '../../types.ts';
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
  from: Checked,
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
    buildArch: archOfNode(process.arch) ?? options.arch,
    suite: decideSuite(scan.facts, options.images, options.suite ?? undefined).target?.codename ?? null,
    securityElsewhere: candidatesFor(from, { kind: 'apt-security' }).length > 0,
    pinOf,
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

/** The mirrors that may serve an object, in the profile's order. */
export function candidatesFor(
  { profile, catalogue, overrides }: Checked,
  { kind }: { readonly kind: MirrorKind },
): readonly Candidate[] {
  return candidatesOf(kind, profile, catalogue, overrides).filter(({ via }) => via !== 'dropped');
}
