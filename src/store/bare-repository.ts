import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { runGit } from '../system/git/git.ts';
import { withView } from '../system/git/git-view.ts';

/** The one branch that a repository of the store has. */
const BRANCH = 'refs/heads/main';

const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/**
 * Nothing of what served the objects shows in the pack: no delta and no compressed byte of theirs is kept, and one thread
 * decides the order (git-pack-objects(1)).
 */
const PACKING = ['--no-reuse-delta', '--no-reuse-object', '--threads=1', '--quiet'];

export interface Contents {
  readonly commit: string;
  /** Names below refs/tags of the repository that is copied from. */
  readonly tags: readonly string[];
  readonly history: 'commit' | 'full';
}

/**
 * Makes `to` a bare repository that holds one commit, with its history or without, and tags. Its bytes depend on what it
 * holds and on the version of git, not on who served it: a build that mounts it finds its cache again after a change of mirror.
 *
 * @param from a repository (work tree or bare) that holds all of it
 * @param to a directory that does not exist
 */
export async function makeBareRepository(from: string, to: string, contents: Contents): Promise<void> {
  const { commit, tags, history } = contents;
  const packs = join(to, 'objects/pack');
  await makeFolders(packs);
  const ids = await Promise.all(tags.map((tag) => idOf(from, `refs/tags/${tag}`)));
  await put(to, 'HEAD', `ref: ${BRANCH}\n`);
  await put(to, 'config', CONFIG);
  await put(to, BRANCH, `${commit}\n`);
  for (const [index, tag] of tags.entries()) await put(to, `refs/tags/${tag}`, `${ids[index] ?? ''}\n`);
  // A commit without its history is its own boundary: gitrepository-layout(5), shallow.
  const cut = history === 'commit' && (await hasParents(from, commit));
  if (cut) await put(to, 'shallow', `${commit}\n`);
  // Deltas pay between versions of a file; in one snapshot they cost time and hardly save a byte.
  const window = history === 'commit' ? ['--window=0'] : ['--window=10'];
  // In `to`, with the objects of `from` beside its own: git writes a pack where it runs and renames it then, which does not reach another file system.
  const { stdout } = await runGit(from, ['rev-parse', '--git-path', 'objects']);
  const objects = resolve(from, stdout.trim());
  await runGit(
    to,
    [
      ...['-c', 'pack.writeReverseIndex=false', '-c', 'pack.compression=6', '-c', 'pack.indexVersion=2'],
      ...['pack-objects', '--revs', ...window, ...PACKING, join(packs, 'pack')],
    ],
    {
      input: [...(cut ? [`--shallow ${commit}`] : []), commit, ...ids, ''].join('\n'),
      // Quoted: a colon in it would begin another one (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES).
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects) },
    },
  );
  for (const name of await readdir(packs)) await chmod(join(packs, name), 0o644);
}

/** The id of a ref (of the tag itself, not of what it names). */
async function idOf(dir: string, ref: string): Promise<string> {
  return (await runGit(dir, ['rev-parse', '--verify', ref])).stdout.trim();
}

async function hasParents(dir: string, commit: string): Promise<boolean> {
  const { stdout } = await runGit(dir, ['cat-file', 'commit', commit]);
  return /^parent /m.test(stdout.slice(0, stdout.indexOf('\n\n')));
}

async function put(root: string, path: string, text: string): Promise<void> {
  await makeFolders(dirname(join(root, path)));
  await writeFile(join(root, path), text, { mode: 0o644 });
}

/**
 * What git finds wrong with a repository of the store, one sentence each: a missing or damaged object, a ref that is not what
 * it should be, settings that are not ours. Every object's id is computed anew (git-fsck(1)). A store may have come from anywhere: git
 * runs in a view of it, and builds get no other settings than ours.
 */
export async function faultsOf(dir: string, contents: Contents): Promise<readonly string[]> {
  if ((await readFile(join(dir, 'config'), 'utf8').catch(() => null)) !== CONFIG)
    return ['config is not what it should be'];
  return withView(dir, (view) =>
    view === null ? Promise.resolve(['it is no repository']) : faultsIn(view.dir, contents),
  );
}

async function faultsIn(dir: string, { commit, tags, history }: Contents): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const name of [BRANCH, ...tags.map((tag) => `refs/tags/${tag}`)]) {
    const { stdout } = await runGit(dir, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
      allowFailure: true,
    });
    const id = stdout.trim();
    const ancestor = history === 'full' && name !== BRANCH && id !== '';
    if (ancestor ? !(await isAncestor(dir, id, commit)) : id !== commit)
      faults.push(`${name} is not ${ancestor ? 'before ' : ''}${commit}`);
  }
  const { exitCode, stdout, stderr } = await runGit(dir, ['fsck', '--full', '--no-dangling', '--no-progress'], {
    allowFailure: true,
  });
  if (exitCode !== 0) faults.push(`git fsck: ${(stderr + stdout).trim().split('\n')[0] ?? 'failed'}`);
  return faults;
}

/** git-merge-base(1), --is-ancestor: 0 yes, 1 no. */
async function isAncestor(dir: string, id: string, commit: string): Promise<boolean> {
  const { exitCode } = await runGit(dir, ['merge-base', '--is-ancestor', id, commit], { allowFailure: true });
  return exitCode === 0;
}
