import { MESSAGES } from '../../ui/messages.ts';
import type { Step } from '../stage/chain.ts';
import type { Bundled, Compared, GatheredStage } from '../stage/stages.ts';
import { countWords, gatherObjects, writeGathered } from './gather-objects.ts';

/** The two steps that a bundle has behind the plan. */
export const gather: Step<Compared, GatheredStage> = {
  title: MESSAGES.gather,
  run: async (from, io) => {
    const gathered = await gatherObjects(from, io);
    return { to: { ...from, gathered }, words: countWords(gathered) };
  },
};

export const writeFile: Step<GatheredStage, Bundled> = {
  title: MESSAGES.writeBundle,
  run: async (from, io) => {
    const written = await writeGathered(from, io);
    return { to: { ...from, written }, words: from.options.out ?? '' };
  },
};
