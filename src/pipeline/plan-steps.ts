import { MESSAGES } from '../ui/messages.ts';
import { askServed, servedByPlan } from './ask-served.ts';
import { checkMachine } from './check-machine.ts';
import { chooseMirrors } from './choose-mirrors.ts';
import { chooseSources } from './choose-sources.ts';
import { getSource, judgeRef } from './get-source.ts';
import { readGivenLock, requirePlanAsLocked } from './locked.ts';
import { planRewrites, scanSource } from './make-plan.ts';
import { requireOutDir } from './out-dir.ts';
import { pinImages, pinKnownImages } from './pin-images.ts';
import { prepareWorkDir } from './prepare-work-dir.ts';
import { chooseByProbe, whyNoProbe } from './probe-mirrors.ts';
import { requireLockPlace } from './record-lock.ts';
import { requireCovered } from './require-covered.ts';
import { requireFrontend } from './require-frontend.ts';
import type { RunState } from './state.ts';
import type { Step } from './step.ts';

/**
 * What a plan is made for. `build`: it is carried out, in the work dir, by this machine's engine. `dry-run`: the same is shown; nothing is kept, and
 * no engine is asked. `patch`: a patch set that stands alone, for whoever applies it.
 */
export type PlanFor = 'build' | 'dry-run' | 'patch';

/**
 * The steps from the user's line to the plan, the same for all that make one: what a build refuses before it has changed anything, its
 * dry run refuses too. What differs is said here, and nowhere else.
 *
 * @param temp where a source that nobody keeps goes; a build has its work dir
 */
export function planSteps(purpose: PlanFor, temp: string | null = null): readonly Step[] {
  const keep = purpose === 'build';
  // Whoever applies a patch set builds elsewhere, another time: nothing of this machine's own counts for it.
  const builds = purpose !== 'patch';
  return [
    { title: MESSAGES.checkOptions, run: (state) => judgeLine(state, builds) },
    ...(keep ? [{ title: MESSAGES.checkMachine, run: checkMachine }] : []),
    {
      title: MESSAGES.fetchSource,
      run: async (state, say) => {
        const need = builds ? 'build' : 'patch';
        const got = keep
          ? await getSource(state, { dir: (await prepareWorkDir(state)).tree, mode: 'full', need, say })
          : await getSource(state, { dir: `${temp ?? ''}/moby`, mode: 'files', need, say });
        // A directory's ref, and so its out dir, is known only now.
        if (builds && state.outDir === null) await requireOutDir(state);
        return got;
      },
    },
    { title: MESSAGES.scan, run: async (state) => Promise.resolve(scanSource(state)) },
    { title: MESSAGES.probe, skip: whyNoProbe, run: (state, say) => chooseByProbe(state, keep, say) },
    {
      title: MESSAGES.pinImages,
      run: async (state, say) => {
        if (keep || asks(state, purpose)) return pinImages(state, keep, say);
        await pinKnownImages(state);
        return '';
      },
    },
    {
      title: MESSAGES.plan,
      run: async (state) => {
        const planned = await planRewrites(state);
        if (builds) requireCovered(state);
        // Whose frontend it would be, only an engine says.
        if (keep) requireFrontend(state);
        return planned;
      },
    },
  ];
}

/** The steps of a plan that is only shown, held against a lock file where one must be kept to. */
export function shownPlanSteps(purpose: Exclude<PlanFor, 'build'>, temp: string): readonly Step[] {
  return [
    ...planSteps(purpose, temp),
    {
      title: MESSAGES.lock,
      skip: ({ options }) => (options.locked ? null : MESSAGES.noLockToKeep),
      run: async (state) => {
        const ask = asks(state, purpose);
        if (ask) await askServed(state, false);
        await requirePlanAsLocked(state, ask ? state.served : servedByPlan(state));
        return '';
      },
    },
  ];
}

/** What the line and the files that it names say, before anything is fetched. */
async function judgeLine(state: RunState, builds: boolean): Promise<string> {
  await chooseMirrors(state);
  await readGivenLock(state);
  await requireLockPlace(state);
  if (builds) chooseSources(state);
  judgeRef(state, builds ? 'build' : 'patch');
  if (builds) await requireOutDir(state);
  return '';
}

/** Whether mirrors are asked what they serve: for a plan that is only shown, `--no-probe` says that nobody is. */
function asks({ options }: RunState, purpose: PlanFor): boolean {
  return purpose === 'dry-run' && options.probe;
}
