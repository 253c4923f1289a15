import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from '../../system/files/atomic.ts';
import { isManifestText, MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { namesIn } from '../../system/files/names-in.ts';
import { toFileError } from '../../system/file-error.ts';
import { seeProcess } from '../../system/process/process-tree.ts';
import { removeTree } from '../../system/files/remove-tree.ts';

/**
 * An out dir is filled beside its place and takes it by rename(2). Beside `moby-x` may lie, each under the id of the process that made it:
 * `.moby-x.new-PID-HEX`, being filled, and for the time between two renames `.moby-x.old-PID-HEX`, the earlier build.
 */
type Role = 'new' | 'old';

interface Beside {
  readonly role: Role;
  readonly path: string;
}

/** A name for something on its way to or from `target`, by this process. */
export function besideOutDir(target: string, role: Role): string {
  return join(dirname(target), `.${basename(target)}.${role}-${String(process.pid)}-${randomBytes(4).toString('hex')}`);
}

/** What processes that are gone left beside an out dir. Paths are absolute; the one that shall go back to its place is left out. */
export async function abandonedBeside(target: string): Promise<readonly string[]> {
  const found = await abandoned(target);
  const back = await earlierBuild(target, found);
  return found.filter((one) => one !== back).map(({ path }) => path);
}

/**
 * Ends what a killed run began: an earlier build that it had moved aside goes back where nothing has taken its place, the rest is removed.
 * Throws as `toFileError` says.
 */
export async function recoverOutDir(target: string): Promise<void> {
  try {
    const found = await abandoned(target);
    const back = await earlierBuild(target, found);
    if (back !== null) await rename(back.path, target);
    for (const one of found) if (one !== back) await removeTree(one.path);
  } catch (cause) {
    throw toFileError(cause, target);
  }
}

/**
 * Gives the finished folder `from` the place of `target`, both on one file system. Where nothing or an empty folder is there, by one
 * rename; an earlier build is moved aside before, and goes back when the rename fails. A run that is killed in between leaves it aside,
 * whole, for `recoverOutDir`. Of two runs the later one has the place, and the other's folder goes. Throws as `toFileError` says.
 */
export async function takePlace(from: string, target: string): Promise<void> {
  const aside: string[] = [];
  try {
    // Each further turn means that another run has taken the place since; a run takes it once.
    while (!(await renamedOnto(from, target))) {
      const to = besideOutDir(target, 'old');
      if (await renamed(target, to)) aside.push(to);
    }
    await syncDirectory(dirname(target));
    for (const path of aside) await removeTree(path);
  } catch (cause) {
    const last = aside.at(-1);
    if (last !== undefined && !existsSync(target)) await rename(last, target);
    throw toFileError(cause, target);
  }
}

/** false where it has just gone. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

/** rename(2) replaces an empty directory; false where one with something in it is in the place. */
async function renamedOnto(from: string, target: string): Promise<boolean> {
  try {
    await rename(from, target);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw cause;
  }
}

async function abandoned(target: string): Promise<readonly Beside[]> {
  const parent = dirname(target);
  const found: Beside[] = [];
  for (const name of await namesIn(parent)) {
    const [, role, pid] = parts(name, basename(target)) ?? [];
    if (role === undefined || seeProcess(Number(pid)) !== null) continue;
    const path = join(parent, name);
    if (await isBuild(path)) found.push({ role: role as Role, path });
  }
  return found;
}

function parts(name: string, base: string): RegExpExecArray | null {
  const prefix = `.${base}.`;
  return name.startsWith(prefix) ? /^(new|old)-(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length)) : null;
}

/** The earlier build that is aside while nothing is in its place. */
async function earlierBuild(target: string, found: readonly Beside[]): Promise<Beside | null> {
  if (existsSync(target)) return null;
  for (const one of found) if (one.role === 'old' && (await holdsManifest(one.path))) return one;
  return null;
}

async function holdsManifest(dir: string): Promise<boolean> {
  if (!(await namesIn(dir)).includes(MANIFEST_NAME)) return false;
  return isManifestText(await readFile(join(dir, MANIFEST_NAME), 'utf8'));
}

/** A build has files and links only. Somebody may have put more into an earlier one, which then stays where it is. */
async function isBuild(path: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return (await readdir(path, { withFileTypes: true })).every((entry) => !entry.isDirectory());
}
