import { chown, lstat, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { toFileError } from '../system/file-error.ts';
import { pathInside } from '../system/files/safe-path.ts';
import type { Plan, TreeFile } from '../types.ts';

export interface Applied {
  /** `already`: every file is as the plan leaves it; `nothing`: the plan changes nothing. */
  readonly outcome: 'applied' | 'already' | 'nothing';
  /** The files that were written, by path inside the tree. */
  readonly files: readonly string[];
}

/** What a plan does to one file, and what stands there now. */
interface Step {
  readonly path: string;
  readonly full: string;
  readonly after: TreeFile | null;
  readonly now: { readonly bytes: Buffer; readonly mode: number; readonly uid: number; readonly gid: number } | null;
}

/**
 * Applies a plan to a directory, all of it or nothing: every file is compared with what the plan expects before any is
 * written, and what was written is put back when a later write fails. Files that are already as planned (a run that was
 * killed half way) are left alone. Modes, and under root the owners, stay as they are.
 * Throws MobyBuildError: `apply-conflict` (4) naming each file that is neither as before nor as after; `unsafe-path` (4);
 * what `toFileError` says for the disk.
 */
export async function applyPlan(plan: Pick<Plan, 'patches'>, root: string): Promise<Applied> {
  const changes = netChanges(plan);
  const open: Step[] = [];
  const conflicts: string[] = [];
  for (const [path, { before, after }] of changes) {
    const full = await pathInside(root, path);
    const now = await fileAt(full);
    if (isFile(now, after)) continue;
    if (isFile(now, before)) open.push({ path, full, after, now });
    else conflicts.push(path);
  }
  if (conflicts.length > 0) {
    throw new MobyBuildError({
      code: 'apply-conflict',
      exitCode: EXIT.tree,
      message: `The tree changed since it was read; nothing was written. Not as expected: ${conflicts.join(', ')}.`,
      where: conflicts[0],
      hint: 'Plan again, or start from a clean checkout.',
    });
  }
  if (changes.size === 0) return { outcome: 'nothing', files: [] };
  if (open.length === 0) return { outcome: 'already', files: [] };

  const done: Step[] = [];
  try {
    for (const step of open) {
      done.push(step);
      await write(step);
    }
  } catch (cause) {
    await rollBack(done, cause);
    throw cause;
  }
  return { outcome: 'applied', files: open.map(({ path }) => path) };
}

/** Each file from before the first patch to after the last. */
function netChanges({
  patches,
}: Pick<Plan, 'patches'>): ReadonlyMap<string, { readonly before: TreeFile | null; readonly after: TreeFile | null }> {
  const net = new Map<string, { before: TreeFile | null; after: TreeFile | null }>();
  for (const { changes } of patches) {
    for (const { path, before, after } of changes) {
      const first = net.get(path);
      net.set(path, { before: first === undefined ? before : first.before, after });
    }
  }
  return net;
}

async function fileAt(path: string): Promise<Step['now']> {
  try {
    const { mode, uid, gid } = await lstat(path);
    return { bytes: await readFile(path), mode: mode & 0o7777, uid, gid };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, path);
  }
}

function isFile(now: Step['now'], file: TreeFile | null): boolean {
  if (now === null || file === null) return now === null && file === null;
  return (
    now.bytes.equals(Buffer.from(file.text, 'utf8')) && ((now.mode & 0o100) === 0 ? '100644' : '100755') === file.mode
  );
}

async function write({ full, after, now }: Step): Promise<void> {
  if (after === null) {
    await rm(full).catch((cause: unknown) => {
      throw toFileError(cause, full);
    });
    return;
  }
  await writeFileAtomic(full, after.text, modeFor(after, now));
  await keepOwner(full, now);
}

/** The old file's own bits, but executable or not as the plan says. */
function modeFor({ mode }: TreeFile, now: Step['now']): number {
  const bits = now?.mode ?? 0o644;
  // Who may read it may run it, as `chmod +x` under a usual umask has it.
  if (mode === '100755') return (bits & 0o100) === 0 ? bits | ((bits & 0o444) >> 2) : bits;
  return bits & ~0o111;
}

/** A file that root writes belongs to whom the old one, or else the directory, belongs to. */
async function keepOwner(full: string, now: Step['now']): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = now ?? (await stat(dirname(full)));
  await chown(full, uid, gid);
}

/** Puts back what stood there. What cannot be put back is told together with the first failure. */
async function rollBack(steps: readonly Step[], cause: unknown): Promise<void> {
  const failed: string[] = [];
  for (const { path, full, now } of steps) {
    try {
      if (now === null) await rm(full, { force: true });
      else {
        await writeFileAtomic(full, now.bytes, now.mode);
        await keepOwner(full, now);
      }
    } catch (problem) {
      failed.push(`${path} (${problem instanceof Error ? problem.message : String(problem)})`);
    }
  }
  if (failed.length === 0) return;
  throw new MobyBuildError({
    code: 'rollback-failed',
    exitCode: EXIT.failed,
    message: `Writing the tree failed, and these files could not be put back: ${failed.join(', ')}.`,
    where: steps[0]?.full,
    hint: 'Take the tree from its checkout again.',
    cause,
  });
}
