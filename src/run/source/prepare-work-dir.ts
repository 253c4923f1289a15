import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspectExisting } from '../../source/existing.ts';
import { requireMobyTree } from '../../moby/moby-tree.ts';
import { sha256 } from '../../store/record.ts';
import { takeLock } from '../../workdir/lock.ts';
import type { Requested } from '../stage/stages.ts';
import { tagWorkDir, workDirFor, type WorkDir } from '../../workdir/work-dir.ts';

/** Names the work dir of this run and takes it for this run alone, and with `--in-place` the user's tree. */
export async function prepareWorkDir({ options }: Pick<Requested, 'options'>): Promise<WorkDir> {
  const work = workDirFor(options, await refToCome(options));
  takeLock(work.lock);
  await tagWorkDir(work);
  // Each architecture has a work dir of its own, and the tree is one.
  if (options.inPlace && options.source.kind === 'directory') {
    requireMobyTree(options.source.path);
    const tree = realpathSync(options.source.path);
    takeLock(join(dirname(work.dir), 'in-place', `${sha256(tree)}.lock`), tree);
  }
  return work;
}

/** The ref on the line, or what the user's own tree says it is: its work dir is named before it is copied there. */
async function refToCome({ ref, source }: Requested['options']): Promise<string> {
  if (ref !== null) return ref;
  if (source.kind === 'url') throw new Error('a clone without a ref');
  const found = await inspectExisting(source.path);
  return found.ref ?? (found.commit ?? found.treeId).slice(0, 12);
}
