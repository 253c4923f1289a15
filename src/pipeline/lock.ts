import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { toFileError } from '../system/file-error.ts';
import { isAlive, seeProcess } from '../system/process-tree.ts';
import { onLeave } from '../system/supervisor.ts';

/** What stands in a lock file: who holds it. The start time tells a process from a later one with the same number. */
interface Holder {
  readonly pid: number;
  readonly start: string;
}

/** A process needs far less between making its lock and writing into it, unless it is stopped there. */
const WRITING_MS = 1_000;
const LOOK_AGAIN_MS = 20;

/**
 * Takes the work dir for this run alone; the lock goes when the process leaves. The lock of a run that was killed is taken
 * over: its process is gone.
 *
 * @param place what is taken, for a person, where it is not the lock's own folder
 * @throws MobyBuildError `work-dir-busy` (3) naming the process that works there; as `toFileError` for a dir that cannot be written
 */
export function takeLock(path: string, place: string = dirname(path)): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    setAsideStale(path, place);
    const file = openSync(path, 'wx', 0o644);
    writeSync(file, JSON.stringify({ pid: process.pid, start: seeProcess(process.pid)?.start ?? '' }));
    closeSync(file);
  } catch (cause) {
    if (cause instanceof MobyBuildError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw busy(place, readHolder(path)?.pid ?? null);
    throw toFileError(cause, dirname(path));
  }
  onLeave(() => {
    rmSync(path, { force: true });
  });
}

/** The process that works in a dir now, or null. */
export function lockHolder(path: string): number | null {
  const holder = readHolder(path);
  return holder !== null && runs(holder) ? holder.pid : null;
}

/** A lock that nobody holds is moved away first and looked at there: of two runs that find it, only one can move it. */
function setAsideStale(path: string, place: string): void {
  const text = writtenText(path);
  if (text === null) return;
  const holder = parseHolder(text);
  if (holder !== null && runs(holder)) throw busy(place, holder.pid);
  const aside = `${path}.${String(process.pid)}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  const moved = readText(aside);
  if (moved === text) {
    rmSync(aside);
    return;
  }
  // The other run was quicker, and this is its lock.
  renameSync(aside, path);
  throw busy(place, parseHolder(moved ?? '')?.pid ?? null);
}

/** The text of a lock, half of one only where nobody is about to write the rest: a lock is made first and written then. */
function writtenText(path: string): string | null {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const text = readText(path);
    if (text === null || parseHolder(text) !== null || waited >= WRITING_MS) return text;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
}

function readHolder(path: string): Holder | null {
  const text = readText(path);
  return text === null ? null : parseHolder(text);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

/** A run that was killed while writing leaves half a file, which names nobody. */
function parseHolder(text: string): Holder | null {
  const match = /^\{"pid":(\d+),"start":"(\d*)"\}$/.exec(text);
  return match === null ? null : { pid: Number(match[1]), start: match[2] ?? '' };
}

function runs({ pid, start }: Holder): boolean {
  return isAlive({ pid, parent: 0, start });
}

function busy(place: string, pid: number | null): MobyBuildError {
  return new MobyBuildError({
    code: 'work-dir-busy',
    exitCode: EXIT.machine,
    message: `Another run of moby-build${pid === null ? '' : ` (process ${String(pid)})`} works in ${place}.`,
    where: place,
    hint: 'Wait for it to end, or give this run a place of its own with --work-dir DIR.',
    command: pid === null ? undefined : `ps -p ${String(pid)} -o pid,etime,args`,
  });
}
