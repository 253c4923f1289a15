import { inspectExisting } from '../source/existing.ts';
import { takeLock } from './lock.ts';
import type { RunState } from './state.ts';
import { workDirFor, type WorkDir } from './work-dir.ts';

/** Names the work dir of this run and takes it for this run alone. Fills in `state.logFile`. */
export async function prepareWorkDir(state: RunState): Promise<WorkDir> {
  const work = workDirFor(state.options, await refToCome(state));
  takeLock(work.lock);
  state.logFile = work.log;
  return work;
}

/** The ref on the line, or what the user's own tree says it is: its work dir is named before it is copied there. */
async function refToCome(state: RunState): Promise<string> {
  const { ref, source } = state.options;
  if (ref !== null) return ref;
  if (source.kind === 'url') throw new Error('a clone without a ref');
  const found = await inspectExisting(source.path);
  return found.ref ?? (found.commit ?? found.treeId).slice(0, 12);
}
