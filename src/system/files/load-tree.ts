import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree, TreeFile } from '../../types.ts';

/** A text file of moby's that matters measures at most some 100 kB; what is larger is no script or Dockerfile. */
const LARGEST_FILE = 1024 * 1024;
/** Root files without a name of their own here (a `sources.list` that an earlier run put in): small ones only. */
const LARGEST_OTHER_ROOT_FILE = 64 * 1024;

const ROOT_FILE =
  /^(?:Dockerfile(?:\..*)?|Makefile|docker-bake(?:\.override)?\.hcl|\.dockerignore|VERSION|vendor\.mod|go\.mod)$/;

/**
 * Whether a regular file is one of those that say how moby is built. The one rule for a directory and for git's objects.
 * @param path inside the tree, POSIX
 * @param size bytes
 */
export function isWanted(path: string, size: number): boolean {
  if (!path.includes('/')) return size <= (ROOT_FILE.test(path) ? LARGEST_FILE : LARGEST_OTHER_ROOT_FILE);
  const inside = path.startsWith('hack/') || (path.startsWith('contrib/') && path.endsWith('.sh'));
  return inside && size <= LARGEST_FILE;
}

/**
 * Reads the files of a moby tree that say how it is built: at the root the Dockerfiles, Makefile, docker-bake.hcl,
 * .dockerignore, VERSION and every other small text file; `hack/**`; `contrib/**.sh`. Symlinks, files that do not
 * round-trip as UTF-8 and files with a NUL byte are left out: nothing there can be edited as text. Ordered by path.
 */
export async function loadTree(dir: string): Promise<Tree> {
  const found = new Map<string, TreeFile>();
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await take(found, dir, entry.name);
  }
  await walk(found, dir, 'hack');
  await walk(found, dir, 'contrib');
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function walk(found: Map<string, TreeFile>, root: string, at: string): Promise<void> {
  // A symlinked `hack` is not followed: it is not part of this tree.
  const facts = await lstat(join(root, at)).catch(nullWhenMissing);
  if (facts?.isDirectory() !== true) return;
  for (const entry of await readdir(join(root, at), { withFileTypes: true })) {
    const path = `${at}/${entry.name}`;
    if (entry.isDirectory()) await walk(found, root, path);
    else if (entry.isFile()) await take(found, root, path);
  }
}

async function take(found: Map<string, TreeFile>, root: string, path: string): Promise<void> {
  const full = join(root, path);
  const facts = await lstat(full);
  if (!isWanted(path, facts.size)) return;
  const text = textOf(await readFile(full));
  if (text === null) return;
  // As git sees modes: the owner's x bit.
  found.set(path, { text, mode: (facts.mode & 0o100) === 0 ? '100644' : '100755' });
}

/** The text of these bytes, or null when it would not encode to the same bytes again, or holds NUL. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? text : null;
}

function nullWhenMissing(cause: unknown): null {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw cause;
}
