import type { BuildFailed } from '../../make/progress/build-failure.ts';
import { MobyBuildError } from '../../errors.ts';
import { candidatesOf } from '../../mirrors/candidates/candidates.ts';
import { originalRepository, repositoryCandidates } from '../../mirrors/candidates/repositories.ts';
import { excluding, type Exclusion } from '../../mirrors/probe/exclusion.ts';
import { nameOf } from '../../mirrors/candidates/locate.ts';
import { stoppingSignal } from '../../system/process/supervisor.ts';
import type { EgressKind, MetPoint, MirrorKind, Plan } from '../../types.ts';
import { dropFromChoice } from '../../workdir/kept-choice.ts';
import { keepObjects } from '../../workdir/kept-objects.ts';
import { repinImages } from '../plan/pin-images.ts';
import { needsOf } from '../plan/requests.ts';
import { runChain, type Chain } from '../stage/chain.ts';
import { trialOf, type Io } from '../stage/io.ts';
import type { Pinned, Planned } from '../stage/stages.ts';

/** A mirror that gave way to another, for a person. */
export interface MirrorChange {
  readonly from: string;
  readonly what: string;
  readonly url: string;
  readonly to: string;
  readonly exclusion: Exclusion;
}

/** Which mirrors serve a kind of point; what is not here has none. */
const KIND_OF: Readonly<Partial<Record<EgressKind, MirrorKind>>> = {
  frontend: 'frontend',
  image: 'image',
  apt: 'apt',
  'apt-source': 'apt',
  git: 'git',
  http: 'http',
  gomod: 'gomod',
};

/** Kinds whose mirrors are chosen for the whole tree. */
const OF_THE_TREE: readonly MirrorKind[] = ['apt', 'gomod'];

/** A plan without the mirror that failed, and what is told of it. */
export interface Switched {
  readonly planned: Planned;
  readonly change: MirrorChange;
}

/** The kind of mirror whose change may help a build that failed; null where none would. Pure. */
export function kindToSwitch({ blame, fault }: BuildFailed): MirrorKind | null {
  if (blame === null || fault === null || fault.local === true || blame.point.via === 'none') return null;
  return KIND_OF[blame.point.kind] ?? null;
}

/**
 * Plans the tree anew without the mirror that failed a build, for what it failed to serve: the same steps from the pinned images on.
 * null where no mirror is to blame, no other one serves the place, or the tree cannot be planned without it; nothing was changed then.
 *
 * @param replan the steps that lead from pinned images to a plan
 */
export async function planWithout(
  from: Planned,
  io: Io,
  failed: BuildFailed,
  replan: Chain<Pinned, Planned>,
): Promise<Switched | null> {
  const { blame, fault } = failed;
  const kind = kindToSwitch(failed);
  if (blame === null || fault === null || kind === null) return null;
  const { point } = blame;
  const exclusion = exclusionOf(from, kind, point);
  if (exclusion === null) return null;
  const trial = trialOf(io);
  const planned = await withoutMirror(from, exclusion, trial.io, replan);
  if (planned === null || !helps(from, planned, point)) return null;
  io.note(...trial.notes);
  const next = planned.plan.points.find(({ id }) => id === point.id);
  const to = next?.mirror ?? next?.via ?? '';
  return { planned, change: { from: exclusion.mirror, what: fault.what, url: point.url, to, exclusion } };
}

/** Without that mirror the tree may not be planned; what failed is the build, and that is what has to be told: null. */
async function withoutMirror(
  from: Planned,
  exclusion: Exclusion,
  io: Io,
  replan: Chain<Pinned, Planned>,
): Promise<Planned | null> {
  const excluded = [...from.excluded, exclusion];
  try {
    const pinned = await repinImages({ ...from, excluded }, io);
    return await runChain(replan, pinned, io);
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || stoppingSignal() !== null) throw cause;
    return null;
  }
}

/** Whether another plan can help: it differs, leaves nothing to nobody that the user has not allowed, and unpins nothing. */
function helps(before: Planned, after: Planned, point: MetPoint): boolean {
  const { points } = after.plan;
  const uncovered = points.some(({ inClosure, via }) => inClosure && via === 'none');
  const unpinned = [...before.pins.keys()].some((id) => !after.pins.has(id));
  return (
    !unpinned &&
    points.some(({ id }) => id === point.id) &&
    !sameTree(before.plan, after.plan) &&
    (!uncovered || before.options.allowUncovered)
  );
}

/** Keeps the choice without the mirror in the work dir: the next run chooses as this one does now. */
export async function keepSwitch({ planned, change: { exclusion } }: Switched, io: Io): Promise<void> {
  if (planned.pins.size > 0)
    await keepObjects(planned, { images: planned.images.filter(({ mirror }) => mirror !== 'flag') });
  await dropFromChoice(planned, exclusion, await needsOf(planned, io));
}

/** Whether two plans leave the same tree behind: then nothing was changed that could help. */
function sameTree(a: Plan, b: Plan): boolean {
  const text = ({ after }: Plan): string => JSON.stringify([...after]);
  return text(a) === text(b);
}

/** The mirror that serves the point now, where another one is left. */
function exclusionOf(from: Planned, kind: MirrorKind, point: MetPoint): Exclusion | null {
  const wholeTree = OF_THE_TREE.includes(kind);
  const all =
    kind === 'git'
      ? repositoryCandidates(originalRepository(point.url, from), from)
      : candidatesOf(kind, from.profile, from.catalogue, from.overrides);
  const list = excluding(from.order, from.excluded)(kind, wholeTree ? null : point.id, all);
  const used = list.find(({ id, via }) => id === point.mirror && via === point.via);
  if (used === undefined || list.length < 2) return null;
  // One object may be fetched at several places.
  const same = from.plan.points.filter(({ kind: of, url }) => of === point.kind && url === point.url);
  return { kind, mirror: nameOf(used), points: wholeTree ? null : same.map(({ id }) => id) };
}
