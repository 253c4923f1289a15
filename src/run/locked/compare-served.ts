import { servedByBundle } from '../offline/served-by-bundle.ts';
import type { Io } from '../stage/io.ts';
import { PURPOSES } from '../stage/purposes.ts';
import type { Compared, Fetched, Served } from '../stage/stages.ts';
import { askServed, servedByPlan } from './ask-served.ts';
import { requireAsLocked } from './locked.ts';

const NOTHING_SERVED: Served = { suites: [], modules: [] };

/**
 * What is known of suites and modules, from the mirrors or from a bundle, compared with the lock file where it must be kept to.
 *
 * @throws MobyBuildError as `askServed` and `requireAsLocked`
 */
export async function compareServed(
  from: Fetched & Partial<Pick<Compared, 'served'>>,
  io: Io,
): Promise<Compared['served']> {
  const { bundle, goal, options } = from;
  const { asksDigests, keeps } = PURPOSES[goal];
  const asks = keeps || (asksDigests && options.probe);
  const isKnown = bundle !== null || asks;
  const served =
    bundle !== null
      ? await servedByBundle(from, bundle)
      : asks
        ? await askServed(from, io, from.served ?? NOTHING_SERVED, keeps)
        : NOTHING_SERVED;
  await requireAsLocked(from, io, isKnown ? served : servedByPlan(from));
  return served;
}
