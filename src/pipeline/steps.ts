import { MESSAGES } from '../ui/messages.ts';
import { applyToSource } from './apply-plan.ts';
import { collectBinaries, recordBuild, verifyBinaries } from './collect-binaries.ts';
import { buildWithFailOver } from './build-with-fail-over.ts';
import { fetchSources } from './fetch-sources.ts';
import { requireAsLocked } from './locked.ts';
import { placeSources } from './place-sources.ts';
import { planSteps } from './plan-steps.ts';
import { askServed } from './ask-served.ts';
import { smokeBinaries } from './smoke-binaries.ts';
import type { RunState } from './state.ts';
import type { Step } from './step.ts';

/** What `moby-build build` does, from top to bottom. What is cheap and can say no comes first. */
export const BUILD_STEPS: readonly Step[] = [
  ...planSteps('build'),
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
