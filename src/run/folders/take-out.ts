import { dirname, join } from 'node:path';
import { createReadStream } from 'node:fs';
import { makeFolders } from '../../system/make-folders.ts';
import { Parts } from '../../bundle/make/parts.ts';
import { together } from '../../bundle/make/gathered.ts';
import { NOTHING_TAKEN, type TakenOut } from '../../bundle/use/local-folders.ts';
import type { ReadySource } from '../../handover/host-sources.ts';
import type { Lack } from '../../mirrors/images/engine-image.ts';
import { findEntry, isStored } from '../../store/store.ts';
import { toFileError } from '../../system/file-error.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { FOLDER_WORDS } from '../notes/folder-words.ts';
import { offlineLacks } from '../notes/offline-lacks.ts';
import { placeFiles } from '../offline/hand-bundle.ts';
import { storeRoot } from '../source/source-store.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Fetched, Planned } from '../stage/stages.ts';
import { takeModules } from './take-modules.ts';
import { takePackages } from './take-packages.ts';

type Decided = Omit<Planned, 'command' | 'taken'>;

/**
 * Takes out of folders of this machine what the steps of the build load, before anything is built.
 *
 * @param told sources that this run has fetched; null: those that the store has
 * @returns what is not in the folders, too
 */
export async function takeOut(
  decided: Decided,
  io: Io,
  told: readonly ReadySource[] | null = null,
): Promise<{ readonly taken: TakenOut; readonly lacks: readonly Lack[] }> {
  if (decided.folders === null) return { taken: NOTHING_TAKEN, lacks: [] };
  const from = { ...decided, taken: NOTHING_TAKEN };
  const parts = await emptyParts(from);
  const packages = await takePackages(from, io, parts);
  const { waiting, ...modules } = await takeModules(from, io, parts, told ?? (await storedSources(from)));
  const { objects, files } = together([packages.gathered, modules.gathered]);
  return { taken: { objects, files, waiting }, lacks: [...packages.lacks, ...modules.lacks] };
}

/**
 * The same when the sources are here, where modules waited for them.
 *
 * @throws MobyBuildError `offline-lacks` (5)
 */
export async function takeOutToo(from: Fetched, io: Io): Promise<TakenOut> {
  if (!from.taken.waiting) return from.taken;
  const { taken, lacks } = await takeOut(from, io, from.readySources);
  if (lacks.length > 0) throw offlineLacks(lacks, { ...from.options, ref: from.source.ref });
  return taken;
}

/** Puts what was taken out into the tree. @returns words for the step; null: there are no folders */
export async function placeTaken(from: Applied): Promise<string | null> {
  if (from.folders === null) return null;
  const files = [...from.taken.files];
  await placeFiles(
    from.source.dir,
    files.map(([path, file]) => [path, () => ('text' in file ? only(file.text) : createReadStream(file.from))]),
  );
  // What was put together is in the tree now; an earlier run may have left more.
  if (from.place.is === 'work-dir') await removeTree(partsDir(from));
  const modules = files.filter(([path]) => path.startsWith('go/')).length;
  return FOLDER_WORDS.taken(files.length - modules, modules);
}

async function emptyParts(from: Decided): Promise<Parts> {
  const dir = from.goal === 'build' ? partsDir(from) : makeTempDir('folders').path;
  await removeTree(dir);
  try {
    await makeFolders(dir);
  } catch (cause) {
    throw toFileError(cause, dir);
  }
  return new Parts(dir);
}

function partsDir({ logFile }: Pick<Planned, 'logFile'>): string {
  return join(dirname(logFile), 'from-folders');
}

/** The sources of the plan that the store has; one that is damaged is fetched anew later. */
async function storedSources({ hostSources, options }: Decided): Promise<readonly ReadySource[]> {
  const root = storeRoot(options);
  const ready: ReadySource[] = [];
  for (const source of hostSources) {
    const { commit } = source.wish;
    if (commit === null || !isStored(root, commit)) continue;
    const found = await findEntry(root, commit);
    if (found.state === 'found') ready.push({ source, entry: found.entry, receivedBytes: 0, fromStore: true });
  }
  return ready;
}

async function* only(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(Buffer.from(text));
}
