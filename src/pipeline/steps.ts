import { MESSAGES } from '../ui/messages.ts';
import { applyToSource } from './apply-plan.ts';
import { checkMachine } from './check-machine.ts';
import { chooseMirrors } from './choose-mirrors.ts';
import { chooseSources } from './choose-sources.ts';
import { collectBinaries, recordBuild, verifyBinaries } from './collect-binaries.ts';
import { buildWithFailOver } from './build-with-fail-over.ts';
import { fetchSources } from './fetch-sources.ts';
import { getSource, judgeRef } from './get-source.ts';
import { readGivenLock, requireAsLocked } from './locked.ts';
import { planRewrites, scanSource } from './make-plan.ts';
import { requireOutDir } from './out-dir.ts';
import { pinImages } from './pin-images.ts';
import { placeSources } from './place-sources.ts';
import { requireLockPlace } from './record-lock.ts';
import { requireCovered } from './require-covered.ts';
import { requireFrontend } from './require-frontend.ts';
import { askServed } from './ask-served.ts';
import { smokeBinaries } from './smoke-binaries.ts';
import { chooseByProbe, whyNoProbe } from './probe-mirrors.ts';
import type { RunState } from './state.ts';
import type { Step } from './step.ts';
import { prepareWorkDir } from './prepare-work-dir.ts';

/** What `moby-build build` does, from top to bottom. What is cheap and can say no comes first. */
export const BUILD_STEPS: readonly Step[] = [
  {
    title: MESSAGES.checkOptions,
    run: async (state) => {
      await chooseMirrors(state);
      await readGivenLock(state);
      await requireLockPlace(state);
      chooseSources(state);
      judgeRef(state);
      await requireOutDir(state);
      return '';
    },
  },
  { title: MESSAGES.checkMachine, run: checkMachine },
  {
    title: MESSAGES.fetchSource,
    run: async (state, say) => {
      const work = await prepareWorkDir(state);
      const got = await getSource(state, { dir: work.tree, mode: 'full', say });
      // A directory's ref, and so its out dir, is known only now.
      if (state.outDir === null) await requireOutDir(state);
      return got;
    },
  },
  { title: MESSAGES.scan, run: async (state) => Promise.resolve(scanSource(state)) },
  {
    title: MESSAGES.probe,
    skip: whyNoProbe,
    run: (state, say) => chooseByProbe(state, true, say),
  },
  { title: MESSAGES.pinImages, run: (state, say) => pinImages(state, true, say) },
  {
    title: MESSAGES.plan,
    run: async (state) => {
      const planned = await planRewrites(state);
      requireCovered(state);
      requireFrontend(state);
      return planned;
    },
  },
  {
    title: MESSAGES.fetchSources,
    skip: whyNoSources,
    run: fetchSources,
  },
  {
    title: MESSAGES.lock,
    run: async (state) => {
      const served = await askServed(state, true);
      await requireAsLocked(state);
      return served;
    },
  },
  {
    title: MESSAGES.apply,
    skip: (state) => (state.plan?.patches.length === 0 ? MESSAGES.nothingToApply : null),
    run: applyToSource,
  },
  {
    title: MESSAGES.placeSources,
    skip: whyNoSources,
    run: placeSources,
  },
  {
    title: MESSAGES.build,
    run: buildWithFailOver,
  },
  { title: MESSAGES.collect, run: collectBinaries },
  { title: MESSAGES.verify, run: verifyBinaries },
  {
    title: MESSAGES.smoke,
    skip: ({ options }) => (options.smoke ? null : MESSAGES.smokeNotAsked),
    run: smokeBinaries,
  },
  { title: MESSAGES.manifest, run: recordBuild },
];

/** Why no sources are handed to the build; null: some are. */
function whyNoSources({ hostSources, sourcesBy }: RunState): string | null {
  if (hostSources.length > 0) return null;
  return sourcesBy === 'mirror' ? MESSAGES.sourcesByMirror : MESSAGES.noSources;
}
