import { ownStore, joinStore } from '../../workdir/store-lock.ts';
import { storeRoot } from '../../run/source/source-store.ts';
import { listBaseParts } from '../../store/base-parts.ts';
import { checkEntry } from '../../store/entry.ts';
import type { EntryRecord } from '../../store/record.ts';
import { listEntries, listRemains, quarantine, type Listed } from '../../store/store.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { cacheReportDocument, type CachedSource, type CacheReport } from './document.ts';
import type { CommandContext } from '../context/context.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * `moby-build cache ls|verify|prune`: the store of fetched sources. `verify` moves what is damaged out of the way of builds;
 * `prune` shows what it would remove, and removes it with `--yes`.
 */
export async function cache(context: CommandContext, action: string | null): Promise<CacheReport> {
  const store = storeRoot(context.options);
  const report =
    action === 'verify'
      ? await verified(context, store)
      : action === 'prune'
        ? await pruned(context, store)
        : {
            entries: (await listEntries(store)).map((entry) => shown(entry)),
            parts: await partsOf(store),
            removed: false,
          };
  const known = action === 'verify' || action === 'prune' ? action : 'ls';
  const whole = { command: 'cache', action: known, store, remains: await listRemains(store), ...report } as const;
  Object.assign(context.document, cacheReportDocument(whole));
  return whole;
}

type Part = Pick<CacheReport, 'entries' | 'parts' | 'removed'>;

async function verified(context: CommandContext, store: string): Promise<Part> {
  joinStore(store);
  const entries: CachedSource[] = [];
  const listed = await listEntries(store);
  for (const [index, entry] of listed.entries()) {
    context.progress(MESSAGES.checking(index + 1, listed.length, entry.record?.upstream ?? entry.commit));
    const { faults } = await checkEntry(entry.dir, entry.commit);
    const dir = faults.length > 0 ? await quarantine(store, entry.commit) : entry.dir;
    entries.push(shown({ ...entry, dir }, { faults }));
  }
  return { entries, parts: await partsOf(store), removed: false };
}

async function pruned({ options }: CommandContext, store: string): Promise<Part> {
  const days = options.olderThan ?? 0;
  const listed = await listEntries(store);
  const before = Date.now() - days * DAY_MS;
  const entries = listed.map((entry) => shown(entry, { chosen: (entry.used?.getTime() ?? 0) <= before }));
  const old = (await listBaseParts(store)).filter(({ fetched }) => fetched.getTime() <= before);
  const parts = { ...(await partsOf(store)), chosen: old.length, chosenBytes: sum(old) };
  const sources = entries.filter(({ chosen }) => chosen).map(({ dir }) => dir);
  const paths = [...sources, ...old.map(({ path }) => path), ...(await listRemains(store))];
  if (!options.yes || paths.length === 0) return { entries, parts, removed: false };
  ownStore(store);
  for (const path of paths) await removeTree(path);
  return { entries, parts, removed: true };
}

async function partsOf(store: string): Promise<CacheReport['parts']> {
  const parts = await listBaseParts(store);
  return { files: parts.length, bytes: sum(parts), chosen: 0, chosenBytes: 0 };
}

function sum(parts: readonly { readonly bytes: number }[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

function shown({ record, used, ...entry }: Listed, more: Partial<CachedSource> = {}): CachedSource {
  const { files: _files, commit: _commit, ...told } = record ?? { files: [], commit: '' };
  return {
    ...entry,
    record: record === null ? null : (told as Omit<EntryRecord, 'files' | 'commit'>),
    used: used?.toISOString() ?? null,
    faults: null,
    chosen: false,
    ...more,
  };
}
