import { readdirSync, readFileSync } from 'node:fs';

/** A process at one moment. `start` tells a process from a later one with the same number; empty where the system does not say. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly start: string;
}

interface ProcStat {
  readonly ppid: number;
  readonly state: string;
  readonly start: string;
}

/**
 * /proc/PID/stat (proc(5)): the name stands in brackets and may itself hold brackets and spaces, so fields are counted from
 * the last `)`: state is field 3, ppid field 4, starttime field 22. null when there is no such process.
 */
function readStat(pid: number): ProcStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch (cause) {
    if (isGone(cause)) return null;
    throw cause;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', ppid: Number(fields[1]), start: fields[19] ?? '' };
}

function isGone(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR';
}

function descendantsFromProc(roots: readonly number[]): SeenProcess[] {
  const children = new Map<number, SeenProcess[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const pid = Number(entry);
    const stat = readStat(pid);
    if (stat === null) continue;
    const siblings = children.get(stat.ppid) ?? [];
    siblings.push({ pid, parent: stat.ppid, start: stat.start });
    children.set(stat.ppid, siblings);
  }
  const found: SeenProcess[] = [];
  const queue = [...roots];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      queue.push(child.pid);
    }
  }
  return found;
}

/**
 * All descendants of these processes, nearest first; one below two of them may come twice. From /proc on Linux (slim images
 * have no `ps`), through zx's `ps` elsewhere.
 */
export async function descendants(roots: readonly number[]): Promise<SeenProcess[]> {
  if (process.platform === 'linux') return descendantsFromProc(roots);
  const { ps } = await import('zx/core');
  const trees = await Promise.all(roots.map((pid) => ps.tree({ pid, recursive: true })));
  return trees.flat().map((entry) => ({ pid: Number(entry.pid), parent: Number(entry.ppid), start: '' }));
}

/** Whether this very process still runs: a zombie does not, nor does another process that got its number. */
export function isAlive(seen: SeenProcess): boolean {
  if (process.platform === 'linux') {
    const stat = readStat(seen.pid);
    return (
      stat !== null && stat.state !== 'Z' && stat.state !== 'X' && (seen.start === '' || stat.start === seen.start)
    );
  }
  return signalProcess(seen.pid, 0);
}

/** The process as it is now, or null when there is none. */
export function seeProcess(pid: number): SeenProcess | null {
  if (process.platform !== 'linux') return signalProcess(pid, 0) ? { pid, parent: 0, start: '' } : null;
  const stat = readStat(pid);
  return stat === null ? null : { pid, parent: stat.ppid, start: stat.start };
}

/** Sends a signal; false when the process is gone. Throws when we may not signal it. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (cause) {
    if (isGone(cause)) return false;
    throw cause;
  }
}
