import { join } from 'node:path';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { Entry } from '../../store/entry.ts';
import { findEntry } from '../../store/store.ts';
import type { Note } from '../../types.ts';
import type { Io } from '../stage/io.ts';
import type { Requested } from '../stage/stages.ts';
import { joinStore } from '../../workdir/store-lock.ts';
import { defaultWorkRoot } from '../../workdir/work-dir.ts';

/** Where fetched sources are kept: beside the work dirs, one store for all refs and architectures. */
export function storeRoot(options: Pick<RunOptions, 'workDir'>): string {
  return join(options.workDir ?? defaultWorkRoot(), 'store');
}

/**
 * A commit out of the store, checked to the last bit, or null. One that is damaged is moved away, which is said.
 *
 * @param what `v20.10.12 of moby`, for that sentence
 */
export async function storedSource(
  { options }: Pick<Requested, 'options'>,
  io: Io,
  commit: string,
  what: string,
): Promise<Entry | null> {
  const root = storeRoot(options);
  joinStore(root);
  const found = await findEntry(root, commit);
  if (found.state === 'damaged') io.note(damagedNote(what, found.faults, found.to));
  return found.state === 'found' ? found.entry : null;
}

function damagedNote(what: string, faults: readonly string[], to: string): Note {
  return {
    level: 'warning',
    code: 'store-damaged',
    message: `The stored copy of ${what} was damaged (${faults[0] ?? ''}); it is fetched anew.`,
    hint: `It lies in ${to} now; moby-build cache prune removes it. If it happens again, look at the disk.`,
  };
}
