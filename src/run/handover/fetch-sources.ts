import { join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { fetchComponent, type FetchedComponent } from '../../source/fetch-component.ts';
import { nearestStored } from '../../source/neighbour.ts';
import type { Entry } from '../../store/entry.ts';
import type { EntryRecord } from '../../store/record.ts';
import { addEntry, isStored, listEntries } from '../../store/store.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import type { Note } from '../../types.ts';
import type { HostSource, ReadySource } from '../../handover/host-sources.ts';
import { noteGitSettings } from '../prepare/network.ts';
import { sourceCandidates } from '../source/source-candidates.ts';
import { noSinglesNote, tellFetch } from '../source/tell-fetch.ts';
import { storedSource, storeRoot } from '../source/source-store.ts';
import type { Io } from '../stage/io.ts';
import type { Fetched, Planned } from '../stage/stages.ts';
import { joinStore } from '../../workdir/store-lock.ts';

/** Transfers at a time: a mirror throttles who asks for more, and one slow mirror holds up no other component. */
const AT_ONCE = 3;

/**
 * Brings every source that the build takes from this machine into the store.
 *
 * @throws MobyBuildError as `fetchComponent` says, when the others have come or failed: what came is not fetched again
 */
export async function fetchSources(
  from: Planned & Partial<Pick<Fetched, 'readySources'>>,
  io: Io,
): Promise<readonly ReadySource[]> {
  joinStore(storeRoot(from.options));
  const waiting = [...from.hostSources.entries()];
  const ready: ReadySource[] = [];
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, source] = next;
      try {
        ready[index] = readyAlready(from, source) ?? (await bring(from, io, source));
      } catch (cause) {
        failures.push(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  throwIfStopping();
  if (failures.length > 0) throw failures[0];
  await noteGitSettings(from, io);
  return ready;
}

/** What this run has brought before it planned anew. */
function readyAlready(
  { readySources = [] }: Partial<Pick<Fetched, 'readySources'>>,
  source: HostSource,
): ReadySource | null {
  const same = readySources.find(
    (ready) => ready.source.path === source.path && ready.source.wish.title === source.wish.title,
  );
  return same === undefined ? null : { ...same, source };
}

async function bring(from: Planned, io: Io, source: HostSource): Promise<ReadySource> {
  const { wish, upstream } = source;
  const root = storeRoot(from.options);
  const stored = await inStore(from, io, source);
  if (stored !== null) return { source, entry: stored, receivedBytes: 0, fromStore: true };
  await makeFolders(join(root, 'git'));
  const temp = makeTempDir('source', join(root, 'git'));
  try {
    const fetched = await fetchComponent(wish, {
      candidates: sourceCandidates(from, io, source),
      neighbour: async () => nearestStored(await listEntries(root), upstream, wish.tag),
      dir: join(temp.path, 'repository'),
      access: (await from.network.reach()).access,
      ...tellFetch(io, wish.title, wish.title, `${wish.title}, `),
    });
    const { commit, tags, history, mirror, url, receivedBytes } = fetched;
    io.note(...uncheckedTags(source, fetched));
    if (fetched.instead !== undefined) io.note(noSinglesNote(mirror, wish.title, fetched.instead));
    const wanted = { commit, upstream, tags, history, mirror, url, receivedBytes };
    // One that another run has put meanwhile, and may be reading, stays; one that lacks a tag is replaced.
    const theirs = isStored(root, commit) ? await inStore(from, io, source) : null;
    if (theirs !== null) return { source, entry: theirs, receivedBytes, fromStore: false };
    const existing = isStored(root, commit) ? 'replace' : 'keep';
    const entry = await addEntry(root, join(temp.path, 'repository'), wanted, existing);
    return { source, entry, receivedBytes, fromStore: false };
  } finally {
    temp.remove();
  }
}

async function inStore(from: Planned, io: Io, { wish, upstream }: HostSource): Promise<Entry | null> {
  const root = storeRoot(from.options);
  const serves = (record: EntryRecord | null): boolean => record !== null && suits(record, wish);
  const named =
    wish.commit ??
    (await listEntries(root)).find(({ record }) => record?.upstream === upstream && serves(record))?.commit;
  if (named === undefined) return null;
  const entry = await storedSource(from, io, named, wish.title);
  return entry !== null && serves(entry.record) ? entry : null;
}

/** Whether an entry says of itself what a build of it must say. */
function suits(record: EntryRecord, { commit, tag, described }: HostSource['wish']): boolean {
  if (commit === null) return tag !== null && record.tags.includes(tag) && record.history === 'commit';
  if (!described) return true;
  return tag === null ? record.tags.length > 0 : record.tags.includes(tag);
}

/** A tag is what `--version` prints; where the tree does not say it, the mirror's word is all there is. */
function uncheckedTags(
  { wish }: HostSource,
  { tagsUnchecked, tags, mirror, history }: FetchedComponent,
): readonly Note[] {
  if (!tagsUnchecked || !wish.described) return [];
  const what = history === 'full' ? 'The tags before the commit' : `That the commit is ${tags.join(', ')}`;
  const message = `${what} of ${wish.title}, which its --version prints, only ${mirror} says; the commit itself was checked.`;
  return [{ level: 'warning', code: 'tag-unchecked', message }];
}
