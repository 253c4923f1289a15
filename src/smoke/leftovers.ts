import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cgroupDirectory, cgroupHierarchies, cgroupsNamed, removeCgroups } from '../system/process/cgroups.ts';
import { isOwnDirectory } from '../system/files/temp-dir.ts';
import { makerIsGone, PREFIX } from './daemon/run-name.ts';

export interface Leftover {
  /** `logs` are kept on purpose after a failed check: `clean` removes them, the next run does not. */
  readonly kind: 'directory' | 'cgroup' | 'logs';
  readonly name: string;
  /** Where it is; a control group has one place in every hierarchy. */
  readonly paths: readonly string[];
}

/** Directories of logs that outlive their run start with this. */
export const LOG_PREFIX = 'moby-build-smoke-log-';

/**
 * What runs that were killed have left: control groups and a directory. Namespaces, mounts, networks and processes need no cleaning: they ended
 * with the run. What a living run uses is not among them, nor what belongs to another user: the temporary directory is everybody's.
 */
export function leftovers(temporary: string = tmpdir()): Leftover[] {
  if (process.platform !== 'linux') return [];
  const found: Leftover[] = [];
  const hierarchies = cgroupHierarchies();
  for (const name of cgroupsNamed(PREFIX)) {
    if (makerIsGone(name) === true)
      found.push({ kind: 'cgroup', name, paths: hierarchies.map((hierarchy) => cgroupDirectory(hierarchy, name)) });
  }
  for (const name of readdirSync(temporary)) {
    const path = join(temporary, name);
    if (!isOwnDirectory(path)) continue;
    if (name.startsWith(LOG_PREFIX)) found.push({ kind: 'logs', name, paths: [path] });
    else if (name.startsWith(PREFIX) && makerIsGone(name) === true)
      found.push({ kind: 'directory', name, paths: [path] });
  }
  return found;
}

/** Removes these; processes in a control group are killed first. Returns the paths that could not be removed. */
export function cleanLeftovers(found: readonly Leftover[]): string[] {
  const left: string[] = [];
  for (const { kind, name, paths } of found) {
    if (kind === 'cgroup') left.push(...removeCgroups({ name, hierarchies: cgroupHierarchies() }));
    else for (const path of paths) rmSync(path, { recursive: true, force: true });
  }
  return left;
}
