import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { descendants } from '../../system/process/process-tree.ts';

export interface RunningProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** The processes below this one whose program has this name, by their first argument. */
export async function processesNamed(root: number, name: string): Promise<RunningProcess[]> {
  const found: RunningProcess[] = [];
  for (const { pid } of await descendants([root])) {
    const argv = commandLineOf(pid);
    // A script shows its interpreter first.
    if (argv.slice(0, 2).some((word) => basename(word) === name)) found.push({ pid, argv });
  }
  return found;
}

function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .split('\0')
      .slice(0, -1);
  } catch (cause) {
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw cause;
  }
}

/** Whether a process runs exactly this file (the same inode, whatever mount shows it). */
export function runsFile(pid: number, path: string): boolean {
  const running = statSync(`/proc/${String(pid)}/exe`, { throwIfNoEntry: false });
  const file = statSync(path, { throwIfNoEntry: false });
  return running !== undefined && file !== undefined && running.ino === file.ino && running.dev === file.dev;
}
