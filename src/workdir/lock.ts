import { createHash } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFoldersSync } from '../system/make-folders.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { toFileError } from '../system/file-error.ts';
import { isAlive, seeProcess } from '../system/process/process-tree.ts';
import { onLeave } from '../system/process/supervisor.ts';

/** What stands in a lock file: who holds it. The start time tells a process from a later one with the same number. */
interface Holder {
  readonly pid: number;
  readonly start: string;
}

/** A lock as it lay there. */
interface Seen {
  readonly text: string;
  /** Tells it from another one of the same name. */
  readonly id: string;
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
  const mine = textOfMine();
  try {
    makeFoldersSync(dirname(path));
    acquire(path, mine, place);
  } catch (cause) {
    if (cause instanceof MobyBuildError) throw cause;
    throw toFileError(cause, dirname(path));
  }
  onLeave(() => {
    // Whoever could not see this process (in another container) may have taken it over.
    if (readText(path) === mine) rmSync(path, { force: true });
  });
}

/** The process that works in a dir now, or null. */
export function lockHolder(path: string): number | null {
  const holder = readHolder(path);
  return holder !== null && runs(holder) ? holder.pid : null;
}

/** Makes the lock, or throws `work-dir-busy`. Each turn of the loop comes of another run that made or removed one meanwhile. */
function acquire(path: string, mine: string, place: string): void {
  for (;;) {
    if (create(path, mine)) return;
    const seen = look(path);
    if (seen === null) continue;
    const holder = parseHolder(seen.text);
    if (holder !== null && runs(holder)) throw busy(place, holder.pid);
    if (replaceStale(path, seen, mine, place)) return;
  }
}

/** Makes the lock with its text at once, by a second name for a file that is written already (link(2)). false: there is one. */
function create(path: string, mine: string): boolean {
  const written = `${path}.${String(process.pid)}.new`;
  writeFileSync(written, mine, { mode: 0o644 });
  try {
    linkSync(written, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw cause;
    return createWithoutLink(path, mine);
  } finally {
    rmSync(written, { force: true });
  }
}

/** The same on a file system without links: there the file is empty for a moment. */
function createWithoutLink(path: string, mine: string): boolean {
  try {
    writeFileSync(path, mine, { mode: 0o644, flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Puts our lock in the place of one that nobody holds. Of all runs that see it only one may: the one that has the lock on that very
 * stale lock. So nobody can replace a new lock in the belief that it is still the old one.
 *
 * @returns false: another run was quicker
 */
function replaceStale(path: string, stale: Seen, mine: string, place: string): boolean {
  const guard = `${path}.${createHash('sha256').update(stale.id).digest('hex').slice(0, 16)}`;
  acquire(guard, mine, place);
  try {
    if (look(path)?.id !== stale.id) return false;
    const written = `${path}.${String(process.pid)}.new`;
    writeFileSync(written, mine, { mode: 0o644 });
    renameSync(written, path);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** A lock, half written only where nobody is about to write the rest; null: there is none. */
function look(path: string): Seen | null {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const text = readText(path);
    const facts = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    if (text === null || facts === undefined) return null;
    if (parseHolder(text) !== null || waited >= WRITING_MS)
      return { text, id: `${String(facts.ino)} ${String(facts.mtimeNs)} ${text}` };
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
}

function textOfMine(): string {
  return JSON.stringify({ pid: process.pid, start: seeProcess(process.pid)?.start ?? '' });
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
