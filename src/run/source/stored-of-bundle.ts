import { cp } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LocatedBundle } from '../../bundle/locate-files.ts';
import { commitOf } from '../../bundle/use/needs.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import { RECORD_NAME } from '../../store/entry-files.ts';
import { adoptEntry, findEntry, isStored } from '../../store/store.ts';
import { joinStore } from '../../workdir/store-lock.ts';
import { storeRoot } from './source-store.ts';

/**
 * The repositories that a bundle leaves out and that the store of this machine has, whole. A dry run has a store of its own, into which they are copied.
 *
 * @param own whose store it is
 * @param run those of the run
 * @throws MobyBuildError as `toFileError`
 */
export async function storedOf(
  { verified }: LocatedBundle,
  own: Pick<RunOptions, 'workDir'>,
  run: Pick<RunOptions, 'workDir'>,
): Promise<ReadonlySet<string>> {
  const { builds, objects } = verified.contents;
  const here = new Set(objects.map(({ digest }) => digest));
  const left = new Set(builds.flatMap(({ needs }) => needs.flatMap((key) => commitOf(key) ?? [])));
  const stored = new Set<string>();
  const [from, to] = [storeRoot(own), storeRoot(run)];
  for (const commit of left) {
    if (here.has(`git:${commit}`) || !isStored(from, commit)) continue;
    joinStore(from);
    const found = await findEntry(from, commit);
    if (found.state !== 'found') continue;
    stored.add(commit);
    const { dir, record } = found.entry;
    const filter = (path: string): boolean => basename(path) !== RECORD_NAME;
    if (from !== to) await adoptEntry(to, record, (into) => cp(dir, into, { recursive: true, filter }));
  }
  return stored;
}
