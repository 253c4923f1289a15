import { effectivePins } from '../components/effective-pins.ts';
import { archOfNode } from '../config/arch.ts';
import { askedPoints, beforeAsking } from '../mirrors/asked-points.ts';
import { candidatesOf, type Candidate } from '../mirrors/candidates.ts';
import { neededObjects, type Need } from '../mirrors/probe/need.ts';
import { decideSuite } from '../mirrors/resolve-suite.ts';
import type { MirrorKind, Scan } from '../types.ts';
import { decide } from './make-plan.ts';
import { known, type RunState } from './state.ts';

/**
 * What the mirrors of the profile are asked for: the objects behind the points that the plan would take from one of them. The plan's
 * own decision says which these are, so whatever it drops or takes from a flag is asked of nobody.
 *
 * @param pinOf which commit or tag a clone needs; null where that does not matter
 * @throws MobyBuildError as `decide` says
 */
export async function requestsFor(
  state: RunState,
  scan: Scan,
  pinOf: Parameters<typeof neededObjects>[0]['pinOf'],
): Promise<readonly Need[]> {
  const { options } = state;
  const decided = await decide(state, scan, { order: beforeAsking, pins: undefined });
  const needs = neededObjects({
    scan,
    points: askedPoints(scan, decided),
    arch: options.arch,
    buildArch: archOfNode(process.arch) ?? options.arch,
    suite: decideSuite(scan.facts, options.images, options.suite ?? undefined).target?.codename ?? null,
    securityElsewhere: candidatesFor(state, { kind: 'apt-security' }).length > 0,
    pinOf,
  });
  return needs.filter((need) => candidatesFor(state, need).some(({ byFlag }) => !byFlag));
}

/** The requests of this run's own tree. Throws as `requestsFor` does. */
export async function needsOf(state: RunState): Promise<readonly Need[]> {
  const scan = known(state, 'scan');
  const pins = effectivePins(known(state, 'source').files, scan, state.components, state.options.buildArgs);
  return requestsFor(
    state,
    scan,
    ({ stage, file }) =>
      pins.find((pin) => pin.stages.includes(stage) || (pin.file === file && file !== 'Dockerfile'))?.pin ?? null,
  );
}

/** The mirrors that may serve an object, in the profile's order. */
export function candidatesFor(state: RunState, { kind }: { readonly kind: MirrorKind }): readonly Candidate[] {
  return candidatesOf(kind, known(state, 'profile'), known(state, 'catalogue'), state.overrides).filter(
    ({ via }) => via !== 'dropped',
  );
}
