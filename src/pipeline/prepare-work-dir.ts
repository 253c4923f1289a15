import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspectExisting } from '../source/existing.ts';
import { requireMobyTree } from '../source/moby-tree.ts';
import { sha256 } from '../store/record.ts';
import { takeLock } from './lock.ts';
import type { RunState } from './state.ts';
import { workDirFor, type WorkDir } from './work-dir.ts';

/** Names the work dir of this run and takes it for this run alone, and with `--in-place` the user's tree. Fills in `state.logFile`. */
export async function prepareWorkDir(state: RunState): Promise<WorkDir> {
  const work = workDirFor(state.options, await refToCome(state));
  takeLock(work.lock);
  // Each architecture has a work dir of its own, and the tree is one.
  if (state.options.inPlace && state.options.source.kind === 'directory') {
    requireMobyTree(state.options.source.path);
    const tree = realpathSync(state.options.source.path);
    takeLock(join(dirname(work.dir), 'in-place', `${sha256(tree)}.lock`), tree);
  }
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
