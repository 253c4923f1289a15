import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command lines of the running processes (no zombies) that hold `text`. */
export function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readCommandLine(entry))
    .filter((line) => line.includes(text));
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw cause;
  }
}

/** Waits until `condition` holds, 100 s at most. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 100_000) throw new Error('waited 100 s in vain');
    await sleep(20);
  }
}

let last = 0;

/** A number of seconds for `sleep` that no other process on this machine sleeps for. */
export function uniqueSeconds(): string {
  last += 1;
  return `${String(100_000 + process.pid)}.${String(last)}`;
}
