import { servedByShelf, shelfOf, shelfOfTaken } from '../offline/served-by-bundle.ts';
import { isMounted } from '../offline/mount-folders.ts';
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
  const before = from.served ?? NOTHING_SERVED;
  const served =
    bundle !== null
      ? await servedByShelf(from, shelfOf(bundle))
      : from.folders !== null
        ? await servedByFolders(from, asks ? (ask) => askServed(from, io, before, keeps, ask) : null)
        : asks
          ? await askServed(from, io, before, keeps)
          : NOTHING_SERVED;
  await requireAsLocked(from, io, isKnown ? served : servedByPlan(from));
  return served;
}

/** What lies in folders of the tree, and of servers what remains. @param ask null: no server is asked */
async function servedByFolders(
  from: Fetched,
  ask: ((isAsked: (base: string) => boolean) => Promise<Served>) | null,
): Promise<Served> {
  const here = await servedByShelf(from, shelfOfTaken(from.taken), null);
  const there = ask === null || from.options.offline ? NOTHING_SERVED : await ask((base) => !isMounted(base));
  const known = new Set(here.modules.flatMap(({ path, version, sum }) => (sum === null ? [] : [`${path}@${version}`])));
  return {
    suites: [...here.suites.filter(({ base }) => isMounted(base)), ...there.suites],
    modules: [
      ...here.modules.filter(({ path, version }) => known.has(`${path}@${version}`)),
      ...there.modules.filter(({ path, version }) => !known.has(`${path}@${version}`)),
    ],
  };
}
