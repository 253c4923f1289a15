import { lstat, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder } from './lock.ts';
import { defaultWorkRoot, LOCK_NAME } from './work-dir.ts';

/** Something that an earlier run left. */
export interface Leftover {
  /** `work`: tree and log of a ref; `temp`: of a run that was killed; `lab`: what the repository's own tests keep. */
  readonly kind: 'work' | 'temp' | 'lab';
  readonly path: string;
  readonly bytes: number;
  /** The process that uses it now, or null; it is then not removed. */
  readonly usedBy: number | null;
}

/** Names of our temporary directories start like this (src/system/temp-dir.ts). */
const TEMP_PREFIX = 'moby-build-';
/** A temporary directory that is younger may belong to a run that lives. */
const TEMP_AGE_MS = 60 * 60 * 1000;
/** The names that work dirs have: a ref, then the platform. */
const WORK_NAME = /-linux-[a-z0-9]+$/u;

/**
 * What earlier runs left in the work root (`--work-dir`, else the cache), in the temporary directory, and what the test lab
 * keeps in the cache. Nothing else is looked at, and of the work root only folders that have the names we give.
 */
export async function findLeftovers(workDir: string | null): Promise<readonly Leftover[]> {
  const root = workDir ?? defaultWorkRoot();
  const works = (await names(root)).filter((name) => WORK_NAME.test(name));
  const temps = (await names(tmpdir())).filter((name) => name.startsWith(TEMP_PREFIX));
  const lab = `${defaultWorkRoot()}-lab`;
  const found: Leftover[] = [];
  for (const name of works) {
    const path = join(root, name);
    found.push({ kind: 'work', path, bytes: await sizeOf(path), usedBy: lockHolder(join(path, LOCK_NAME)) });
  }
  for (const name of temps) {
    const path = join(tmpdir(), name);
    const facts = await lstat(path);
    const ours = facts.isDirectory() && !facts.isSymbolicLink() && facts.uid === process.geteuid?.();
    if (ours && Date.now() - facts.mtimeMs > TEMP_AGE_MS && !(await isInUse(path))) {
      found.push({ kind: 'temp', path, bytes: await sizeOf(path), usedBy: null });
    }
  }
  if ((await names(lab)).length > 0) found.push({ kind: 'lab', path: lab, bytes: await sizeOf(lab), usedBy: null });
  return found;
}

/** Whether something is mounted below a path: then a process works there, or a lab has to be stopped first. */
async function isInUse(path: string): Promise<boolean> {
  try {
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    return mounts.split('\n').some((line) => {
      const point = line.split(' ')[4] ?? '';
      return point === path || point.startsWith(`${path}/`);
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

async function names(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw cause;
  }
}

/** Bytes on the disk of all files below, each once; what goes away meanwhile counts nothing. */
async function sizeOf(path: string): Promise<number> {
  const facts = await lstat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  });
  if (facts === null) return 0;
  let bytes = facts.blocks * 512;
  if (facts.isDirectory()) {
    for (const name of await names(path)) bytes += await sizeOf(join(path, name));
  }
  return bytes;
}
