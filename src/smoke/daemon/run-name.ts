import { readlinkSync } from 'node:fs';
import { seeProcess } from '../../system/process/process-tree.ts';

/** What directories and control groups of smoke start with. */
export const PREFIX = 'moby-build-smoke-';

/** `pid:[4026531836]` → 4026531836: which pid namespace we count in (namespaces(7)). */
function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

/**
 * A name that says who made it: pid namespace, process number, and when that process started, so that a later process with the same number is
 * not taken for it.
 */
export function runName(serial: number): string {
  return `${PREFIX}${pidNamespace()}-${String(process.pid)}-${seeProcess(process.pid)?.start ?? '0'}-${String(serial)}`;
}

/**
 * Whether the maker of this name has gone. null when that cannot be said: it is not such a name, or it was made in another pid namespace (in a
 * container, say), whose processes we cannot see.
 */
export function makerIsGone(name: string): boolean | null {
  const parts = /^moby-build-smoke-(\d+)-(\d+)-(\d+)-/.exec(name);
  if (parts === null || parts[1] !== pidNamespace()) return null;
  return seeProcess(Number(parts[2]))?.start !== parts[3];
}
