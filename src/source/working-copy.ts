import { rmSync, statSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { nameBeside, replaceDirectory } from '../system/files/atomic.ts';
import { copyTree } from '../system/files/copy-tree.ts';
import { gitIn, runGit } from '../system/git/git.ts';
import { viewRepository } from '../system/git/git-view.ts';
import { onLeave } from '../system/process/supervisor.ts';
import type { ExistingTree } from './existing.ts';
import { incompleteClone } from './incomplete-clone.ts';

/** Not copied: git's own (a small repository is made instead), and what a former build left (its outputs would pass for ours). */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'bundles', 'autogen']);

/**
 * Copies a user's tree to `to` for a build, changes and all: bytes, modes, symlinks. An old copy there is replaced, whole.
 *
 * Its .git is a small one of its own at the same commit, with the same tags, that borrows the objects of the original
 * (gitrepository-layout(5), objects/info/alternates): a clone of moby has some 300 MB of history that no build reads, and a
 * copied worktree or submodule would write into the original's repository.
 *
 * Throws `incomplete-clone` (4) where trees of the commit are missing.
 */
export async function makeWorkingCopy(source: ExistingTree, to: string): Promise<void> {
  const part = nameBeside(to, 'copy');
  await makeFolders(dirname(to));
  const forget = onLeave(() => {
    rmSync(part, { recursive: true, force: true });
  });
  try {
    await copyTree(source.dir, part, LEFT_OUT);
    if (source.commit !== null) await borrowRepository(source, source.commit, part);
    await replaceDirectory(part, to);
  } finally {
    await rm(part, { recursive: true, force: true });
    forget();
  }
}

async function borrowRepository(source: ExistingTree, commit: string, copy: string): Promise<void> {
  const view = viewRepository(source.dir);
  if (view === null) throw new Error(`${source.dir} was a repository a moment ago`);
  view.remove();
  const git = gitIn(copy);
  await git.raw('init', '--quiet');
  await makeFolders(join(copy, '.git/objects/info'));
  const borrowed = [view.objects, ...(await alternatesOf(view.objects))];
  await writeFile(join(copy, '.git/objects/info/alternates'), borrowed.map((path) => `${path}\n`).join(''));
  if (view.shallow !== null) await copyFile(view.shallow, join(copy, '.git/shallow'));
  await git.raw('update-ref', '--no-deref', 'HEAD', commit);
  for (const tag of source.tags) await git.raw('update-ref', `refs/tags/${tag}`, commit);
  const { exitCode, stderr } = await runGit(copy, ['read-tree', commit], { allowFailure: true });
  if (exitCode !== 0) throw incompleteClone(source.dir, stderr.trim().split('\n')[0] ?? '');
}

/** The original may itself borrow; git heeds relative paths in the first list only, so all are named, absolute. */
async function alternatesOf(objects: string): Promise<string[]> {
  const list = join(objects, 'info/alternates');
  if (statSync(list, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const paths = (await readFile(list, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return paths.map((path) => (isAbsolute(path) ? path : resolve(objects, path)));
}
