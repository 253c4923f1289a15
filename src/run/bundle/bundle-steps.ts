import type { GatheredBuild } from '../../bundle/make/gathered.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { startAt, type Chain, type Step } from '../stage/chain.ts';
import type { Compared, GatheredStage } from '../stage/stages.ts';
import { countWords, gatherObjects } from './gather-objects.ts';
import { writeGathered, type BundlePlace, type WrittenBundle } from './write-gathered.ts';

/** The step that a bundle has behind the plan of each build. @param open makes the folder that all builds share, the first time */
export function gatherInto(open: () => Promise<Parts>): Step<Compared, GatheredStage> {
  return {
    title: MESSAGES.gather,
    run: async (from, io) => {
      const gathered = await gatherObjects(from, io, await open());
      return { to: { ...from, gathered }, words: countWords(gathered) };
    },
  };
}

/** `bundle create`, when every build is gathered. */
export function writing(
  open: () => Promise<Parts>,
  place: BundlePlace,
): Chain<readonly GatheredBuild[], WrittenBundle> {
  return startAt<readonly GatheredBuild[]>().then({
    title: MESSAGES.writeBundle,
    run: async (builds, io) => ({ to: await writeGathered(builds, await open(), place, io), words: place.file }),
  });
}
