import type { BuildFailed } from '../build/build-failure.ts';
import { MobyBuildError } from '../errors.ts';
import { candidatesOf } from '../mirrors/candidates.ts';
import { excluding, type Exclusion } from '../mirrors/exclusion.ts';
import type { Order } from '../mirrors/probe/choices.ts';
import { nameOf } from '../mirrors/probe/locate.ts';
import { stoppingSignal } from '../system/supervisor.ts';
import type { EgressKind, MetPoint, MirrorKind, Plan } from '../types.ts';
import { dropFromChoice } from './kept-choice.ts';
import { planRewrites } from './make-plan.ts';
import { keepObjects } from './kept-objects.ts';
import { repinImages } from './pin-images.ts';
import { needsOf } from './requests.ts';
import { requireFrontend } from './require-frontend.ts';
import { known, type RunState } from './state.ts';

/** A mirror that gave way to another, for a person. */
export interface MirrorChange {
  readonly from: string;
  readonly what: string;
  readonly url: string;
  readonly to: string;
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

/**
 * Plans the tree anew without the mirror that failed a build, for what it failed to serve. Fills in `state.plan` and keeps the choice.
 * null, and all stays as it was, where no mirror is to blame, no other one serves the place, or the tree cannot be planned without it.
 */
export async function planWithout(state: RunState, { blame, fault }: BuildFailed): Promise<MirrorChange | null> {
  const kind = blame === null ? undefined : KIND_OF[blame.point.kind];
  if (blame === null || fault === null || fault.local === true || kind === undefined) return null;
  if (blame.point.via === 'none') return null;
  const { point } = blame;
  const exclusion = exclusionOf(state, kind, point);
  if (exclusion === null) return null;
  const before = { ...state };
  const notes = [...state.notes];
  const asItWas = (): null => {
    Object.assign(state, before);
    state.notes.splice(0, Infinity, ...notes);
    return null;
  };
  state.excluded = [...state.excluded, exclusion];
  try {
    await repinImages(state);
    await planRewrites(state);
    requireFrontend(state);
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || stoppingSignal() !== null) throw cause;
    // Without that mirror the tree cannot be planned; what failed is the build, and that is what has to be told.
    return asItWas();
  }
  const planned = known(state, 'plan');
  const next = planned.points.find(({ id }) => id === point.id);
  const uncovered = planned.points.some(({ inClosure, via }) => inClosure && via === 'none');
  const unpinned = [...(before.pins?.keys() ?? [])].some((id) => state.pins?.has(id) !== true);
  if (
    unpinned ||
    next === undefined ||
    sameTree(planned, known(before, 'plan')) ||
    (uncovered && !state.options.allowUncovered)
  )
    return asItWas();
  if (state.pins !== null) await keepObjects(state, { images: state.images.filter(({ mirror }) => mirror !== 'flag') });
  await dropFromChoice(state, exclusion, await needsOf(state));
  return { from: exclusion.mirror, what: fault.what, url: point.url, to: next.mirror ?? next.via };
}

/** Whether two plans leave the same tree behind: then nothing was changed that could help. */
function sameTree(a: Plan, b: Plan): boolean {
  const text = ({ after }: Plan): string => JSON.stringify([...after]);
  return text(a) === text(b);
}

/** The mirror that serves the point now, where another one is left. */
function exclusionOf(state: RunState, kind: MirrorKind, point: MetPoint): Exclusion | null {
  const wholeTree = OF_THE_TREE.includes(kind);
  const all = candidatesOf(kind, known(state, 'profile'), known(state, 'catalogue'), state.overrides);
  const asIs: Order = (_kind, _point, list) => list;
  const list = excluding(state.order ?? asIs, state.excluded)(kind, wholeTree ? null : point.id, all);
  const used = list.find(({ id, via }) => id === point.mirror && via === point.via);
  if (used === undefined || list.length < 2) return null;
  // One object may be reached for at several places.
  const same = known(state, 'plan').points.filter(({ kind: of, url }) => of === point.kind && url === point.url);
  return { kind, mirror: nameOf(used), points: wholeTree ? null : same.map(({ id }) => id) };
}
