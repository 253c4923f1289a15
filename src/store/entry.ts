import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { differences, listFiles, RECORD_NAME } from './entry-files.ts';
import { faultsOf } from './bare-repository.ts';
import { parseRecord, type EntryRecord } from './record.ts';

/** An entry that was checked and is sound. */
export interface Entry {
  /** The bare repository. Absolute. */
  readonly dir: string;
  readonly record: EntryRecord;
}

export type EntryCheck = { readonly record: EntryRecord; readonly faults: readonly [] } | Faulty;

interface Faulty {
  /** null where the record itself is damaged. */
  readonly record: EntryRecord | null;
  /** One sentence each. */
  readonly faults: readonly string[];
}

/**
 * Checks one entry to the last bit: the record by its own checksum, every file by size and SHA-256, nothing missing and
 * nothing added; then, since only files that are as recorded are given to git, every object's id and that they hang together.
 *
 * @param commit what the entry must be: the name under which it lies
 */
export async function checkEntry(dir: string, commit: string): Promise<EntryCheck> {
  const record = await readEntryRecord(dir);
  if (record === null) return { record, faults: [`${RECORD_NAME} is missing or damaged`] };
  if (record.commit !== commit) return { record, faults: [`it holds ${record.commit}`] };
  const changed = differences(await listFiles(dir), record.files);
  if (changed.length > 0) return { record, faults: changed };
  const faults = await faultsOf(dir, record);
  return faults.length > 0 ? { record, faults } : { record, faults: [] };
}

/** What an entry says of itself, unchecked but for its own checksum; null where it cannot be read as a record. */
export async function readEntryRecord(dir: string): Promise<EntryRecord | null> {
  try {
    return parseRecord(await readFile(join(dir, RECORD_NAME), 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw cause;
  }
}

/** Says that it was used now: `cache prune --older-than` goes by that. */
export async function markUsed(dir: string, now: Date = new Date()): Promise<void> {
  await utimes(join(dir, RECORD_NAME), now, now);
}
