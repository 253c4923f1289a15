import { findLeftovers, removeWorkDir, type Leftover } from '../pipeline/leftovers.ts';
import { cleanLeftovers, leftovers as smokeLeftovers } from '../smoke/leftovers.ts';
import { removeTree } from '../system/remove-tree.ts';
import type { CleanDocument } from './clean/document.ts';
import type { CommandContext } from './context.ts';

export interface CleanReport {
  readonly command: 'clean';
  readonly found: readonly Leftover[];
  /** false: they were only shown. */
  readonly removed: boolean;
}

/** `moby-build clean`: shows what earlier runs left, and removes it with `--yes`. What a living run uses is shown and stays. */
export async function clean(context: CommandContext): Promise<CleanReport> {
  const { options, document } = context;
  const found = await findLeftovers(options.workDir);
  const remove = options.yes && !options.dryRun;
  Object.assign(document, { leftovers: found, removed: false } satisfies CleanDocument);
  if (remove) {
    // A control group is emptied and taken down, not deleted.
    cleanLeftovers(smokeLeftovers());
    for (const { kind, path, usedBy } of found) {
      if (usedBy !== null || kind === 'smoke') continue;
      if (kind === 'work') await removeWorkDir(path);
      else await removeTree(path);
    }
    document['removed'] = true;
  }
  return { command: 'clean', found, removed: remove };
}
