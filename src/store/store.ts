import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { nameBeside, replaceDirectory } from '../system/files/atomic.ts';
import { toFileError } from '../system/file-error.ts';
import { makeBareRepository } from './bare-repository.ts';
import { checkEntry, markUsed, readEntryRecord, type Entry } from './entry.ts';
import { listFiles, RECORD_NAME, sizeOfFiles } from './entry-files.ts';
import { recordText, type EntryRecord } from './record.ts';

/**
 * The store of sources: one bare repository for each commit, below `ROOT/git/COMMIT.git`. An entry appears by one rename(2),
 * whole, and is never changed; what is found damaged goes to `ROOT/damaged` before anything reads it.
 */

export type NewEntry = Omit<EntryRecord, 'files' | 'fetched'>;

export type Found =
  | { readonly state: 'found'; readonly entry: Entry }
  | { readonly state: 'missing' }
  /** It was there, was not what it should be, and lies in `to` now. */
  | { readonly state: 'damaged'; readonly faults: readonly string[]; readonly to: string };

export interface Listed {
  readonly commit: string;
  readonly dir: string;
  /** null where it cannot be read. */
  readonly record: EntryRecord | null;
  readonly bytes: number;
  /** When a run last used it; null where that cannot be told. */
  readonly used: Date | null;
}

const ENTRY_NAME = /^([0-9a-f]{40})\.git$/;

/** Looks a commit up, checks it in full and marks it as used. Throws as `toFileError` says. */
export async function findEntry(root: string, commit: string): Promise<Found> {
  const dir = entryDir(root, commit);
  try {
    if ((await stat(dir).catch(nullWhenMissing)) === null) return { state: 'missing' };
    const { record, faults } = await checkEntry(dir, commit);
    if (record === null || faults.length > 0) return { state: 'damaged', faults, to: await quarantine(root, commit) };
    await markUsed(dir);
    return { state: 'found', entry: { dir, record } };
  } catch (cause) {
    throw toFileError(cause, dir);
  }
}

/**
 * Takes a commit with its tags out of a repository into the store.
 *
 * @param from a work tree or bare repository whose objects were checked on arrival
 * @param existing what becomes of an entry that is there: `keep`, where another run was quicker; `replace`, where it lacks a tag
 */
export async function addEntry(
  root: string,
  from: string,
  wish: NewEntry,
  existing: 'keep' | 'replace' = 'keep',
): Promise<Entry> {
  try {
    return await enter(root, wish, existing, (part) => makeBareRepository(from, part, wish));
  } catch (cause) {
    throw toFileError(cause, entryDir(root, wish.commit));
  }
}

/** Files that are no sound entry of their commit. */
export class UnsoundEntry extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`what was to go into the store is not sound: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

/**
 * Takes an entry of another store in: its files are put where `fill` is told, and are then checked to the last object.
 *
 * @param fill puts the files of the entry, but not its record, into a folder that does not exist yet
 * @throws MobyBuildError as `toFileError`; UnsoundEntry
 */
export async function adoptEntry(root: string, wish: NewEntry, fill: (dir: string) => Promise<void>): Promise<Entry> {
  return enter(root, wish, 'replace', fill);
}

async function enter(
  root: string,
  wish: NewEntry,
  existing: 'keep' | 'replace',
  fill: (dir: string) => Promise<void>,
): Promise<Entry> {
  const dir = entryDir(root, wish.commit);
  const part = nameBeside(dir, 'new');
  try {
    await makeFolders(join(root, 'git'));
    await fill(part);
    const record: EntryRecord = { ...wish, fetched: new Date().toISOString(), files: await listFiles(part) };
    await writeFile(join(part, RECORD_NAME), recordText(record), { mode: 0o644 });
    const { faults } = await checkEntry(part, wish.commit);
    if (faults.length > 0) throw new UnsoundEntry(faults);
    if (existing === 'replace') await replaceDirectory(part, dir);
    else
      await rename(part, dir).catch((cause: unknown) => {
        const { code } = cause as NodeJS.ErrnoException;
        if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause;
      });
    return { dir, record };
  } catch (cause) {
    throw cause instanceof UnsoundEntry ? cause : toFileError(cause, dir);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Whether there is an entry of this commit, unchecked. */
export function isStored(root: string, commit: string): boolean {
  return existsSync(entryDir(root, commit));
}

/** All entries by commit, unchecked. */
export async function listEntries(root: string): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  for (const name of await names(join(root, 'git'))) {
    const commit = ENTRY_NAME.exec(name)?.[1];
    if (commit === undefined) continue;
    const dir = join(root, 'git', name);
    const record = await readEntryRecord(dir);
    const bytes = await sizeOfFiles(dir).catch(nullWhenMissing);
    const used = await stat(join(dir, RECORD_NAME)).catch(nullWhenMissing);
    // Another run has just put a new one in its place, or moved it away.
    if (bytes === null) continue;
    listed.push({ commit, dir, record, bytes, used: used?.mtime ?? null });
  }
  return listed;
}

/** Moves an entry out of the way of every reader. Returns where it lies now. */
export async function quarantine(root: string, commit: string): Promise<string> {
  const to = join(root, 'damaged', `${commit}.${String(Date.now())}`);
  await makeFolders(join(root, 'damaged'));
  await rename(entryDir(root, commit), to);
  return to;
}

/** What is no entry: damaged ones, and parts that killed runs left. Absolute. */
export async function listRemains(root: string): Promise<readonly string[]> {
  const damaged = (await names(join(root, 'damaged'))).map((name) => join(root, 'damaged', name));
  const parts = (await names(join(root, 'git'))).filter((name) => !ENTRY_NAME.test(name));
  return [...damaged, ...parts.map((name) => join(root, 'git', name))];
}

function entryDir(root: string, commit: string): string {
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error(`no commit id: ${commit}`);
  return join(root, 'git', `${commit}.git`);
}

async function names(dir: string): Promise<readonly string[]> {
  return (await readdir(dir).catch(nullWhenMissing))?.sort() ?? [];
}

/** For a file that may not be there; any other failure is thrown. */
export function nullWhenMissing(cause: unknown): null {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw cause;
}
