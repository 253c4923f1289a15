import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abandonedBeside } from '../make/collect/out-folder.ts';
import { MobyBuildError } from '../errors.ts';
import { leftovers as smokeLeftovers } from '../smoke/leftovers.ts';
import { namesIn } from '../system/files/names-in.ts';
import { isNamedBeside } from '../system/files/atomic.ts';
import { removeTree } from '../system/files/remove-tree.ts';
import { abandonedTempDirs } from '../system/files/temp-dir.ts';
import { lockHolder, takeLock } from './lock.ts';
import { readSealed, SEALED_NAME } from './sealed.ts';
import { defaultWorkRoot, isWorkDirTag, LOCK_NAME, OUT_DIR_NAME, TAG_NAME } from './work-dir.ts';

/** Something that an earlier run left. */
export interface Leftover {
  /** `work`: tree and log of a ref; `temp`: of a run that was killed; `smoke`: of a daemon under test, its logs or a control group; `seal`: the file that names a builder and network of a sealed build. */
  readonly kind: 'work' | 'temp' | 'smoke' | 'seal';
  readonly path: string;
  readonly bytes: number;
  /** The process that uses it now, or null; it is then not removed. */
  readonly usedBy: number | null;
}

/** The names that work dirs have: a ref, then the platform. Others name their folders alike: `node-v20.19.0-linux-x64`, a build's out dir. */
const WORK_NAME = /-linux-[a-z0-9]+$/u;
/** What runs put into one. A folder that holds anything else is somebody's. */
const WORK_ENTRY =
  /^(?:moby|CACHEDIR\.TAG|build\.log|in-use(?:\.\d+)?|out-dir|mirrors\.json|objects\.json|sealed-builder\.json|last-build\.json|run(?:-before)?\.jsonl|\..+\.part)$/u;
/** Where the mark is missing (runs before 2026-11-30 made none), one of these says whose it is. A tree alone may be a clone of the user. */
const OURS = [LOCK_NAME, OUT_DIR_NAME, 'mirrors.json', 'objects.json', 'last-build.json'];

/**
 * What earlier runs left in the work root (`--work-dir`, else the cache), in the temporary directory and among the control groups.
 * Nothing else is looked at, and of the work root only folders that have the names we give and hold what we make: `--work-dir` may
 * be a folder with much else in it. Beside an out dir that a work dir names, what killed runs left on its way there.
 */
export async function findLeftovers(workDir: string | null): Promise<readonly Leftover[]> {
  const root = workDir ?? defaultWorkRoot();
  const found: Leftover[] = [];
  const add = async (kind: Leftover['kind'], path: string, usedBy: number | null = null): Promise<void> => {
    found.push({ kind, path, bytes: await sizeOf(path, new Set()), usedBy });
  };
  for (const name of (await namesIn(root)).filter((entry) => WORK_NAME.test(entry))) {
    if (!(await isWorkDir(join(root, name)))) continue;
    for (const path of await abandonedBesideOutDir(join(root, name, OUT_DIR_NAME))) await add('temp', path);
    const holder = lockHolder(join(root, name, LOCK_NAME));
    // Before the work dir that names it.
    if ((await readSealed(join(root, name))) !== null) await add('seal', join(root, name, SEALED_NAME), holder);
    await add('work', join(root, name), holder);
  }
  for (const path of abandonedTempDirs()) await add('temp', path);
  for (const { kind, paths } of smokeLeftovers()) {
    // Control groups are no files: they have a place, and no size.
    for (const path of paths) {
      if (kind === 'cgroup') found.push({ kind: 'smoke', path, bytes: 0, usedBy: null });
      else await add('smoke', path);
    }
  }
  return found;
}

/** What killed runs left beside the out dir that this file of a work dir names. */
async function abandonedBesideOutDir(record: string): Promise<readonly string[]> {
  try {
    return await abandonedBeside((await readFile(record, 'utf8')).trimEnd());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

async function isWorkDir(path: string): Promise<boolean> {
  if (!(await lstat(path)).isDirectory()) return false;
  const entries = await namesIn(path);
  if (!entries.every((entry) => WORK_ENTRY.test(entry) || isNamedBeside(entry))) return false;
  if (entries.includes(TAG_NAME)) return isTagged(join(path, TAG_NAME));
  return entries.some((entry) => OURS.includes(entry) || isNamedBeside(entry));
}

async function isTagged(file: string): Promise<boolean> {
  return (await lstat(file)).isFile() && isWorkDirTag(await readFile(file, 'utf8'));
}

/**
 * Removes a work dir, its lock last: a run that begins meanwhile is told that it is busy, and one that began after the dir was found keeps it.
 *
 * @returns null when it is gone, else the process that works there (null: nobody knows which)
 */
export async function removeWorkDir(dir: string): Promise<{ readonly by: number | null } | null> {
  const lock = join(dir, LOCK_NAME);
  try {
    takeLock(lock);
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'work-dir-busy') return { by: lockHolder(lock) };
    throw cause;
  }
  for (const name of await namesIn(dir)) if (name !== LOCK_NAME) await removeTree(join(dir, name));
  await removeTree(dir);
  return null;
}

/** Bytes on the disk of all files below, one with several names once; what goes away meanwhile counts nothing. */
async function sizeOf(path: string, seen: Set<string>): Promise<number> {
  const facts = await lstat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  });
  if (facts === null) return 0;
  const node = `${String(facts.dev)}:${String(facts.ino)}`;
  if (facts.nlink > 1 && !facts.isDirectory()) {
    if (seen.has(node)) return 0;
    seen.add(node);
  }
  let bytes = facts.blocks * 512;
  if (facts.isDirectory()) {
    for (const name of await namesIn(path)) bytes += await sizeOf(join(path, name), seen);
  }
  return bytes;
}
