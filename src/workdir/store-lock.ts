import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { lockHolder, takeLock } from './lock.ts';
import { LOCK_NAME } from './work-dir.ts';

/** Runs that read the store, each by a lock of its own: any number of them at a time. */
const READERS = 'runs';

/**
 * Says that this run reads the store and adds to it, until the process leaves. What is there then stays.
 *
 * @throws MobyBuildError `store-busy` (3) while `cache prune` removes; as `takeLock` for a place that cannot be written
 */
export function joinStore(root: string): void {
  const mine = join(root, READERS, `${String(process.pid)}.lock`);
  if (lockHolder(mine) !== process.pid) takeLock(mine);
  const pruner = lockHolder(join(root, LOCK_NAME));
  if (pruner !== null) throw busy(root, pruner, 'removes entries from');
}

/**
 * Takes the store for this run alone, to remove entries, until the process leaves.
 *
 * @throws MobyBuildError `store-busy` (3) while a build reads it, `work-dir-busy` (3) while another run removes
 */
export function ownStore(root: string): void {
  takeLock(join(root, LOCK_NAME));
  for (const name of readers(root)) {
    const reader = lockHolder(join(root, READERS, name));
    if (reader !== null) throw busy(root, reader, 'uses');
  }
}

function readers(root: string): readonly string[] {
  try {
    return readdirSync(join(root, READERS));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

function busy(root: string, pid: number, what: string): MobyBuildError {
  return new MobyBuildError({
    code: 'store-busy',
    exitCode: EXIT.machine,
    message: `Another run of moby-build (process ${String(pid)}) ${what} the store ${root}.`,
    where: root,
    hint: 'Wait for it to end.',
    command: `ps -p ${String(pid)} -o pid,etime,args`,
  });
}
