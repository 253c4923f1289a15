import type { NamedBundle } from '../../bundle/join-bundles.ts';
import { heldBy } from '../../bundle/make/left-out.ts';
import type { GatheredBuild } from '../../bundle/make/gathered.ts';
import { begin, beginInTemp } from '../../run/begin.ts';
import { gatherInto, writing } from '../../run/bundle/bundle-steps.ts';
import { partsFor } from '../../run/bundle/gather-objects.ts';
import { openSoundBundle } from '../../run/offline/open-bundles.ts';
import { showChain } from '../../run/stage/show-chain.ts';
import { CHECKING, PLANNING } from '../../run/steps.ts';
import type { Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { cellsOfBundle, cellsOfWant, type BundleCell } from './bundle-cells.ts';
import { bundlePlace } from './bundle-place.ts';
import { readWantFile } from './read-want-file.ts';
import { machineNotes } from './want-bundle.ts';
import type { BundleReport } from './document.ts';

/**
 * `moby-build bundle create`: the plans of builds, and everything that they take from elsewhere, in one file. No engine is needed.
 *
 * @throws MobyBuildError as `bundlePlace` and `cellsOfBundle`; of the older bundle as `openSoundBundle`; as a build does, up to its plan
 */
export async function createBundle(context: CommandContext): Promise<BundleReport> {
  const { since, split, want: wantFile } = context.options;
  const { file, earlier } = await bundlePlace(context.options);
  const want = wantFile === null ? null : await readWantFile(wantFile);
  const cells =
    want === null ? await cellsOfBundle(context.options) : cellsOfWant(want, wantFile ?? '', context.isGiven);
  const older = since === null ? null : await context.wait(MESSAGES.verifyingBundle, () => openSoundBundle(since));
  try {
    const { builds, notes, parts } = await gatherBuilds(context, file, cells, older);
    const { io } = begin('bundle', context);
    const chain = writing(parts, {
      ...{ file, split, earlier },
      held: [...(older === null ? [] : heldBy(older)), ...(want?.bundles ?? [])],
      commits: new Set(want?.commits),
    });
    const written = await showChain(chain, builds, io, context.display);
    return {
      ...{ command: 'bundle', action: 'create', file, written },
      notes: [...notes, ...(want === null ? [] : machineNotes(want))],
    };
  } finally {
    await older?.located.close();
  }
}

/** Plans every build, and gathers what it takes. */
async function gatherBuilds(
  context: CommandContext,
  file: string,
  cells: readonly BundleCell[],
  older: NamedBundle | null,
): Promise<{
  readonly builds: readonly GatheredBuild[];
  readonly notes: readonly Note[];
  readonly parts: ReturnType<typeof partsFor>;
}> {
  const parts = partsFor(file, older?.located ?? null);
  const chain = CHECKING.join(PLANNING).then(gatherInto(parts));
  let notes: readonly Note[] = context.notes;
  const builds: GatheredBuild[] = [];
  for (const [at, cell] of cells.entries()) {
    if (cells.length > 1)
      context.say(MESSAGES.bundledBuild(at + 1, cells.length, cell.ref ?? '', cell.arch, cell.target));
    const options = { ...context.options, ...cell };
    await beginInTemp('bundle', { ...context, options, notes }, async (begun) => {
      context.document['notes'] = begun.notes;
      const { gathered } = await showChain(chain, begun.from, begun.io, context.display);
      builds.push(gathered);
      ({ notes } = begun);
    });
  }
  return { builds, notes, parts };
}
