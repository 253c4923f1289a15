import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchComponent, type FetchedComponent } from '../source/fetch-component.ts';
import type { Entry } from '../store/entry.ts';
import type { EntryRecord } from '../store/record.ts';
import { addEntry, isStored, listEntries } from '../store/store.ts';
import { throwIfStopping } from '../system/supervisor.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import type { Note } from '../types.ts';
import { MESSAGES } from '../ui/messages.ts';
import type { HostSource, ReadySource } from './host-sources.ts';
import { networkOf, noteLeftOutLogins } from './network.ts';
import { rememberSilence, sourceCandidates } from './source-candidates.ts';
import { storedSource, storeRoot } from './source-store.ts';
import { addNotes, type RunState } from './state.ts';
import { joinStore } from './store-lock.ts';

/** Transfers at a time: a mirror throttles who asks for more, and one slow mirror holds up no other component. */
const AT_ONCE = 3;

/**
 * Brings every source that the build takes from this machine into the store. Fills in `state.readySources`.
 *
 * @throws MobyBuildError as `fetchComponent` says, when the others have come or failed: what came is not fetched again
 */
export async function fetchSources(state: RunState, say: (text: string) => void): Promise<string> {
  joinStore(storeRoot(state.options));
  const waiting = [...state.hostSources.entries()];
  const ready: ReadySource[] = [];
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, source] = next;
      try {
        ready[index] = await bring(state, source, say);
      } catch (cause) {
        failures.push(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  throwIfStopping();
  if (failures.length > 0) throw failures[0];
  noteLeftOutLogins(state);
  state.readySources = ready;
  const stored = ready.filter(({ fromStore }) => fromStore).length;
  return `${String(ready.length)} sources, ${stored === ready.length ? 'all' : String(stored)} of them from the store`;
}

async function bring(state: RunState, source: HostSource, say: (text: string) => void): Promise<ReadySource> {
  const { wish, upstream } = source;
  const root = storeRoot(state.options);
  const stored = await inStore(state, source, root);
  if (stored !== null) return { source, entry: stored, receivedBytes: 0, fromStore: true };
  await mkdir(join(root, 'git'), { recursive: true });
  const temp = makeTempDir('source', join(root, 'git'));
  try {
    const fetched = await fetchComponent(wish, {
      candidates: sourceCandidates(state, source),
      dir: join(temp.path, 'repository'),
      access: (await networkOf(state)).access,
      onProgress: ({ phase, percent }, { mirror }) => {
        say(`${wish.title}, ${mirror}: ${phase}${percent === null ? '' : ` ${String(percent)} %`}`);
      },
      onAgain: ({ mirror, reason }, waitMs) => {
        const message = MESSAGES.fetchAgain(mirror, wish.title, reason, waitMs / 1000);
        addNotes(state, [{ level: 'info', code: 'fetch-again', message }]);
        say(message);
      },
      onFailure: (attempt) => {
        const { mirror, reason } = attempt;
        rememberSilence(state, attempt);
        const message = `${mirror} did not serve ${wish.title}: ${reason}.`;
        addNotes(state, [{ level: 'warning', code: 'clone-failed', message }]);
      },
    });
    const { commit, tags, history, mirror, url, receivedBytes } = fetched;
    addNotes(state, uncheckedTags(source, fetched));
    const wanted = { commit, upstream, tags, history, mirror, url, receivedBytes };
    // One that another run has put meanwhile, and may be reading, stays; one that lacks a tag is replaced.
    const theirs = isStored(root, commit) ? await inStore(state, source, root) : null;
    if (theirs !== null) return { source, entry: theirs, receivedBytes, fromStore: false };
    const existing = isStored(root, commit) ? 'replace' : 'keep';
    const entry = await addEntry(root, join(temp.path, 'repository'), wanted, existing);
    return { source, entry, receivedBytes, fromStore: false };
  } finally {
    temp.remove();
  }
}

async function inStore(state: RunState, { wish, upstream }: HostSource, root: string): Promise<Entry | null> {
  const serves = (record: EntryRecord | null): boolean => record !== null && suits(record, wish);
  const named =
    wish.commit ??
    (await listEntries(root)).find(({ record }) => record?.upstream === upstream && serves(record))?.commit;
  if (named === undefined) return null;
  const entry = await storedSource(state, named, wish.title);
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
