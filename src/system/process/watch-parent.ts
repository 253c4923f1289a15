import { readFileSync } from 'node:fs';

/** Says to a process of ours which process started it as a part of its own work, and what that work is. */
export const PART_OF = 'MOBY_MATRIX_PART_OF';

const LOOK_MS = 500;

/**
 * Ends this process, as SIGTERM does, when the one that started it as a part of its work is gone, however that left: nobody would collect
 * what is made here. Does nothing in a process that nobody started so.
 */
export function endWithParent(env: Readonly<Record<string, string | undefined>>): void {
  if (env[PART_OF] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS).unref();
}

/** Whether a process was started as a part of that work (proc(5), /proc/PID/environ); false where the system does not say. */
export function isPartOf(pid: number, work: string): boolean {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
      .split('\0')
      .includes(`${PART_OF}=${work}`);
  } catch {
    return false;
  }
}
