import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFoldersSync } from '../make-folders.ts';
import { signalProcess } from './process-tree.ts';

/** One cgroup hierarchy as this machine mounts it: a v1 controller set, or the unified one of v2. */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  /** v1: what the kernel calls it (`memory`, `cpu,cpuacct`, `name=systemd`); v2: empty. */
  readonly controllers: string;
}

/** A group of our own: the same name in every hierarchy. */
export interface CgroupSet {
  readonly name: string;
  readonly hierarchies: readonly CgroupHierarchy[];
}

/** v2 knows only "no processes beside sub-groups" (cgroups(7)), so what we start lives in a leaf of the group. */
const LEAF = 'moby-build';

/** How long the kernel may take to let go of a group whose last process was killed. */
const REMOVE_ROUNDS = 100;
const REMOVE_PAUSE_MS = 20;

/**
 * The hierarchies in a text of /proc/PID/mountinfo (proc(5)), each once: `ID PARENT MAJ:MIN ROOT POINT OPTIONS … - TYPE SOURCE SUPER`.
 * A v2 mount beside v1 ones (hybrid) is among them.
 */
export function parseCgroupMounts(mountinfo: string): CgroupHierarchy[] {
  const seen = new Set<string>();
  const found: CgroupHierarchy[] = [];
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const [type, , superOptions] = (right ?? '').split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    const fields = (left ?? '').split(' ');
    const device = fields[2] ?? '';
    const mountPoint = unescapeMount(fields[4] ?? '');
    if (seen.has(device) || mountPoint === '') continue;
    seen.add(device);
    const controllers = (superOptions ?? '')
      .split(',')
      .filter(
        (option) =>
          !['rw', 'ro', 'xattr', 'clone_children', 'noprefix', 'nsdelegate'].includes(option) &&
          !/^(release_agent|memory_)/.test(option),
      )
      .join(',');
    found.push(
      type === 'cgroup2' ? { version: 2, mountPoint, controllers: '' } : { version: 1, mountPoint, controllers },
    );
  }
  return found;
}

/** Mount points write space, tab, newline and backslash as octal (proc(5)). */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The hierarchies of this machine. */
export function cgroupHierarchies(): CgroupHierarchy[] {
  return parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** The directory of a group in one hierarchy, as seen from the host. */
export function cgroupDirectory(hierarchy: CgroupHierarchy, name: string): string {
  return join(hierarchy.mountPoint, name);
}

/** Makes the group in every hierarchy; throws the file system's own error when the kernel or a container refuses. */
export function createCgroups(set: CgroupSet): void {
  for (const hierarchy of set.hierarchies) {
    const directory = cgroupDirectory(hierarchy, set.name);
    makeFoldersSync(directory);
    // A v1 cpuset starts empty and takes no process until it has CPUs and memory nodes (cpuset(7)).
    if (hierarchy.controllers.split(',').includes('cpuset')) {
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        writeFileSync(join(directory, file), readFileSync(join(hierarchy.mountPoint, file), 'utf8').trim());
      }
    }
  }
}

/** The `cgroup.procs` files that put a process into the group itself, one for each hierarchy. */
export function groupFiles(set: CgroupSet): string[] {
  return set.hierarchies.map((hierarchy) => join(cgroupDirectory(hierarchy, set.name), 'cgroup.procs'));
}

/** The same for the place where processes stay while sub-groups exist: on v2 a leaf. */
export function leafFiles(set: CgroupSet): string[] {
  return set.hierarchies.map((hierarchy) =>
    join(cgroupDirectory(hierarchy, set.name), ...(hierarchy.version === 2 ? [LEAF] : []), 'cgroup.procs'),
  );
}

/**
 * v2 only: moves these processes to the leaf and hands every controller that the group has to its sub-groups. A controller
 * that refuses stays off: `delegated` (returned) names those that are on.
 */
export function delegateControllers(set: CgroupSet, pids: readonly number[]): string[] {
  const on: string[] = [];
  for (const hierarchy of set.hierarchies) {
    if (hierarchy.version !== 2) {
      on.push(...hierarchy.controllers.split(','));
      continue;
    }
    const directory = cgroupDirectory(hierarchy, set.name);
    makeFoldersSync(join(directory, LEAF));
    for (const pid of pids) writeFileSync(join(directory, LEAF, 'cgroup.procs'), String(pid));
    for (const controller of readFileSync(join(directory, 'cgroup.controllers'), 'utf8').split(/\s+/)) {
      if (controller === '') continue;
      try {
        writeFileSync(join(directory, 'cgroup.subtree_control'), `+${controller}`);
        on.push(controller);
      } catch (cause) {
        if (!['EBUSY', 'ENOENT', 'EINVAL', 'EOPNOTSUPP'].includes((cause as NodeJS.ErrnoException).code ?? ''))
          throw cause;
      }
    }
  }
  return on;
}

/**
 * Removes the group everywhere, killing what is still in it. Waits for the kernel, without giving up the thread: it also runs
 * while the process leaves. Returns the directories that could not be removed.
 */
export function removeCgroups(set: CgroupSet): string[] {
  const left: string[] = [];
  for (const hierarchy of set.hierarchies) {
    const directory = cgroupDirectory(hierarchy, set.name);
    let gone = false;
    for (let round = 0; round < REMOVE_ROUNDS && !gone; round += 1) {
      if (round > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REMOVE_PAUSE_MS);
      gone = removeTree(directory);
    }
    if (!gone) left.push(directory);
  }
  return left;
}

/** Deepest first. false when something is still in it. A group's files cannot be unlinked, only the directories removed. */
function removeTree(directory: string): boolean {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw cause;
  }
  for (const entry of entries) if (entry.isDirectory()) removeTree(join(directory, entry.name));
  try {
    for (const pid of readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n')) {
      if (pid !== '' && pid !== '0') signalProcess(Number(pid), 'SIGKILL');
    }
    rmdirSync(directory);
    return true;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return true;
    if (['EBUSY', 'ENOTEMPTY', 'EOPNOTSUPP', 'ENODEV'].includes(code)) return false;
    throw cause;
  }
}

/** Names of groups at the top of any hierarchy that start with this prefix. */
export function cgroupsNamed(prefix: string): string[] {
  const names = new Set<string>();
  for (const hierarchy of cgroupHierarchies()) {
    for (const entry of readdirSync(hierarchy.mountPoint, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name.startsWith(prefix)) names.add(entry.name);
    }
  }
  return [...names].sort();
}
