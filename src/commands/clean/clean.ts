import { NEXT } from '../../next-command.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { findLeftovers, removeWorkDir, type Leftover } from '../../workdir/leftovers.ts';
import { cleanLeftovers, leftovers as smokeLeftovers } from '../../smoke/leftovers.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { dirname } from 'node:path';
import { removeSealed } from '../../seal/sealed-builder.ts';
import { readSealed } from '../../workdir/sealed.ts';
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
  const found = asked ? await removeAll(left, stays, context.env) : left;
  const failed = found.filter(({ removed, usedBy }) => asked && !removed && usedBy === null);
  const removed = asked && found.every((each) => each.removed || each.usedBy !== null);
  Object.assign(document, { leftovers: found, removed } satisfies CleanDocument);
  return { command: 'clean', found, asked, error: failed.length === 0 ? null : notRemoved(failed) };
}

/** Builder and network of a sealed build that was killed; the file goes once they have. */
async function removeSealedThing(left: Cleaned, env: CommandContext['env']): Promise<Cleaned> {
  const made = await readSealed(dirname(left.path));
  if (made === null) return { ...left, removed: true };
  const still = await removeSealed(made.name, { client: 'docker', context: made.context, env });
  if (still !== null) return { ...left, reason: still };
  await removeTree(left.path);
  return { ...left, removed: true };
}

async function removeOne(left: Cleaned, stays: readonly string[], env: CommandContext['env']): Promise<Cleaned> {
  const { kind, path, usedBy } = left;
  if (usedBy !== null) return left;
  if (kind === 'smoke')
    return stays.includes(path) ? { ...left, reason: 'the kernel still uses it' } : { ...left, removed: true };
  try {
    if (kind === 'temp') await removeTree(path);
    else if (kind === 'seal') return await removeSealedThing(left, env);
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

/** A builder goes before the work dir that names it. */
async function removeAll(
  left: readonly Cleaned[],
  stays: readonly string[],
  env: CommandContext['env'],
): Promise<readonly Cleaned[]> {
  const sealed = await Promise.all(
    left.filter(({ kind }) => kind === 'seal').map((each) => removeOne(each, stays, env)),
  );
  // One that stays is found again by its work dir alone.
  const kept = sealed.filter(({ removed }) => !removed).map(({ path }) => dirname(path));
  const others = await Promise.all(
    left
      .filter(({ kind }) => kind !== 'seal')
      .map(async (each) =>
        kept.includes(each.path) && each.usedBy === null
          ? { ...each, reason: 'it names a builder that could not be removed' }
          : await removeOne(each, stays, env),
      ),
  );
  return [...sealed, ...others];
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
