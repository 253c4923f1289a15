import { BuildFailed } from '../../make/progress/build-failure.ts';
import { applyPlan } from '../../patching/apply.ts';
import { undoing } from '../../patching/undoing.ts';
import { runChain, type Chain } from '../stage/chain.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Built, Pinned, Planned } from '../stage/stages.ts';
import type { MirrorKind } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { buildPatiently } from './build-patiently.ts';
import { forgetChoice } from '../../workdir/kept-choice.ts';
import { forgetObjects } from '../../workdir/kept-objects.ts';
import { removePlacedBase } from '../base/place-base.ts';
import { removePlaced } from '../handover/place-sources.ts';
import { whyNoProbe } from '../plan/probe-mirrors.ts';
import { deadWays, ofEngineNetwork, type DeadWay } from './engine-network.ts';
import { keepSwitch, kindToSwitch, planWithout } from './switch-mirror.ts';

/**
 * A run that changes the mirrors of one kind more often than this is better told than made longer. Kinds count apart: where one host
 * that serves all kinds is faulty, each of them needs a switch of its own.
 */
const MOST_SWITCHES = 2;

/** The parts of the list of steps that a change of mirror runs again. */
export interface RunAgain {
  readonly replan: Chain<Pinned, Planned>;
  readonly reapply: Chain<Planned & Partial<Pick<Applied, 'readySources' | 'readyBase' | 'served'>>, Applied>;
}

/**
 * Builds; where a mirror fails the build and another one is left for what it was asked for, the same steps are run again without it, and
 * the tree is built again in the same run. Each switch is told, and kept in the work dir's choice.
 *
 * @throws what the last build throws, or that the network of the engine is at fault (`ofEngineNetwork`); the choice is then forgotten where a mirror is to blame. `not-as-locked` where the next mirror serves
 * another thing than a lock holds
 */
export async function buildWithFailOver(
  from: Applied,
  io: Io,
  { replan, reapply }: RunAgain,
): Promise<Omit<Built, 'seal'>> {
  let applied = from;
  const switches: MirrorKind[] = [];
  const ways: DeadWay[] = [];
  for (;;) {
    try {
      return { ...applied, ...(await buildPatiently(applied, io, switches.length > 0 ? 'on' : 'anew')) };
    } catch (cause) {
      if (!(cause instanceof BuildFailed)) throw cause;
      ways.push(...deadWays(cause));
      const ofEngine = ofEngineNetwork(cause, ways, whyNoProbe(applied) === null);
      if (ofEngine !== null) throw ofEngine;
      const kind = kindToSwitch(cause);
      const often = switches.filter((one) => one === kind).length >= MOST_SWITCHES;
      const switched = kind === null || often ? null : await planWithout(applied, io, cause, replan);
      if (switched === null) {
        if (cause.blame !== null && cause.blame.point.via !== 'none' && cause.fault?.local !== true) {
          await forgetChoice(applied);
          await forgetObjects(applied);
        }
        throw cause;
      }
      switches.push(switched.change.exclusion.kind);
      const { from: mirror, what, url, to } = switched.change;
      const message = MESSAGES.mirrorSwitched(mirror, what, url, to);
      io.note({ level: 'warning', code: 'mirror-switched', message });
      io.say(message);
      io.found(switched.planned);
      await keepSwitch(switched, io);
      await takeOut(applied);
      // Another mirror may have another state of a suite: what it serves is compared with the lock file too.
      const { readySources, readyBase, served } = applied;
      applied = await runChain(reapply, { ...switched.planned, readySources, readyBase, served }, io);
    }
  }
}

/** Takes a plan out of the tree again. */
async function takeOut(applied: Applied): Promise<void> {
  await removePlaced(applied);
  if (applied.readyBase !== null) await removePlacedBase(applied.source);
  await applyPlan({ patches: undoing(applied.plan) }, applied.source.dir);
}
