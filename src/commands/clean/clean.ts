import { NEXT } from '../../next-command.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { findLeftovers, removeWorkDir, type Leftover } from '../../workdir/leftovers.ts';
import { cleanLeftovers, leftovers as smokeLeftovers } from '../../smoke/leftovers.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import type { CleanDocument } from './document.ts';
import type { CommandContext } from '../context/context.ts';

/** Something that an earlier run left, and what became of it. */
export interface Cleaned extends Leftover {
  readonly removed: boolean;
  /** Why it could not be removed; null: it was, nobody asked for it, or a process uses it. */
  readonly reason: string | null;
}

export interface CleanReport {
  readonly command: 'clean';
  readonly found: readonly Cleaned[];
  /** Whether removing was asked for. */
  readonly asked: boolean;
  /** Exit 1: something that nobody uses is still there. */
  readonly error: MobyBuildError | null;
}

/**
 * `moby-build clean`: shows what earlier runs left, and removes it with `--yes`. What a living run uses is shown and stays, also when
 * that run began in between; so does what cannot be removed, with the reason (`not-removed`, exit 1).
 */
export async function clean(context: CommandContext): Promise<CleanReport> {
  const { options, document } = context;
  const leftovers = await findLeftovers(options.workDir);
  const asked = options.yes && !options.dryRun;
  const left: Cleaned[] = leftovers.map((each) => ({ ...each, removed: false, reason: null }));
  // As far as it got, should removing fail.
  Object.assign(document, { leftovers: left, removed: false } satisfies CleanDocument);
  // A control group is emptied and taken down, not deleted.
  const stays = asked ? cleanLeftovers(smokeLeftovers()) : [];
  const found = asked ? await Promise.all(left.map((each) => removeOne(each, stays))) : left;
  const failed = found.filter(({ removed, usedBy }) => asked && !removed && usedBy === null);
  const removed = asked && found.every((each) => each.removed || each.usedBy !== null);
  Object.assign(document, { leftovers: found, removed } satisfies CleanDocument);
  return { command: 'clean', found, asked, error: failed.length === 0 ? null : notRemoved(failed) };
}

async function removeOne(left: Cleaned, stays: readonly string[]): Promise<Cleaned> {
  const { kind, path, usedBy } = left;
  if (usedBy !== null) return left;
  if (kind === 'smoke')
    return stays.includes(path) ? { ...left, reason: 'the kernel still uses it' } : { ...left, removed: true };
  try {
    if (kind === 'temp') await removeTree(path);
    else {
      const busy = await removeWorkDir(path);
      if (busy !== null) return { ...left, usedBy: busy.by, reason: busy.by === null ? 'a run works there' : null };
    }
    return { ...left, removed: true };
  } catch (cause) {
    if (!(cause instanceof MobyBuildError)) throw cause;
    return { ...left, reason: cause.message };
  }
}

function notRemoved(failed: readonly Cleaned[]): MobyBuildError {
  return new MobyBuildError({
    code: 'not-removed',
    exitCode: EXIT.failed,
    message: [
      `${String(failed.length)} of these could not be removed:`,
      ...failed.map(({ path, reason }) => `${path}: ${reason ?? 'it is still there'}`),
    ].join('\n  '),
    where: failed[0]?.path,
    hint: 'Everything else is gone. Remove these as the user who owns them, then run the same command again.',
    command: NEXT.again(),
  });
}
