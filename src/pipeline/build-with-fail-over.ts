import { BuildFailed } from '../build/build-failure.ts';
import { applyPlan } from '../patching/apply.ts';
import { undoing } from '../patching/undoing.ts';
import type { Plan } from '../types.ts';
import { MESSAGES } from '../ui/messages.ts';
import { applyToSource } from './apply-plan.ts';
import { askServed } from './ask-served.ts';
import { buildPatiently } from './build-patiently.ts';
import { forgetChoice } from './kept-choice.ts';
import { forgetObjects } from './kept-objects.ts';
import { requireServedAsLocked } from './locked.ts';
import { placeSources, removePlaced } from './place-sources.ts';
import { addNotes, known, type RunState } from './state.ts';
import { planWithout } from './switch-mirror.ts';

/** A run that changes mirrors more often than this is better told than made longer. */
const MOST_SWITCHES = 2;

/**
 * Builds; where a mirror fails the build and another one is left for what it was asked for, the tree is planned anew without it and
 * built again in the same run. Each switch is told, and kept in the work dir's choice.
 *
 * @throws what the last build throws; the choice is then forgotten where a mirror is to blame. `not-as-locked` where the next mirror serves
 * another thing than a lock holds
 */
export async function buildWithFailOver(state: RunState, say: (text: string) => void): Promise<string> {
  for (let switches = 0; ; switches += 1) {
    try {
      return await buildPatiently(state, say, switches > 0);
    } catch (cause) {
      if (!(cause instanceof BuildFailed)) throw cause;
      const before = known(state, 'plan');
      const change = switches < MOST_SWITCHES ? await planWithout(state, cause) : null;
      if (change === null) {
        if (cause.blame !== null && cause.blame.point.via !== 'none' && cause.fault?.local !== true) {
          await forgetChoice(state);
          await forgetObjects(state);
        }
        throw cause;
      }
      const message = MESSAGES.mirrorSwitched(change.from, change.what, change.url, change.to);
      addNotes(state, [{ level: 'warning', code: 'mirror-switched', message }]);
      say(message);
      // Another mirror may have another state of a suite: the lock file says what this one has, and --locked holds for it too.
      await askServed(state, true);
      requireServedAsLocked(state, state.treeBefore);
      await replaceInTree(state, before);
    }
  }
}

/** Takes a plan out of the tree and puts in the one that stands now. */
async function replaceInTree(state: RunState, before: Plan): Promise<void> {
  const { dir } = known(state, 'source');
  await removePlaced(state);
  await applyPlan({ patches: undoing(before) }, dir);
  await applyToSource(state);
  await placeSources(state);
}
