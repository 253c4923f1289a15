import { lstatSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { MobyBuildError } from '../errors.ts';
import { gitIn, runGit } from '../system/git/git.ts';
import { withView, type RepositoryView } from '../system/git/git-view.ts';
import { treeEntries, treeIdOf, type TreeEntry } from '../system/files/tree-id.ts';
import type { Note } from '../types.ts';
import { requireMobyTree } from '../moby/moby-tree.ts';
import { expectedCommit, pinFor } from '../moby/pins.ts';
import { versionOfRef } from '../moby/series.ts';

/** Changes that a note names one by one; the rest are counted. */
const NAMED_CHANGES = 5;

export interface ExistingTree {
  /** Absolute, symlinks resolved. */
  readonly dir: string;
  /** HEAD, or null where there is no usable .git. */
  readonly commit: string | null;
  /** The version tags that point at HEAD, or []. */
  readonly tags: readonly string[];
  /** `--ref`, else the tag of HEAD that the table knows, else any version tag of HEAD; null: the tree does not say. */
  readonly ref: string | null;
  /** git's id of HEAD's tree, or null. */
  readonly headTree: string | null;
  /** git's id of what stands in the directory now (`.git`, `bundles`, `autogen` apart). */
  readonly treeId: string;
  /** Paths that differ from HEAD: changed, removed or added. Empty without .git. */
  readonly changed: readonly string[];
  /** What a user should know; none of it stops a build. */
  readonly notes: readonly Note[];
}

export interface ExistingOptions {
  /** `--ref`, when given. */
  readonly ref?: string | undefined;
  /** `--commit`, when given. */
  readonly commit?: string | undefined;
}

/**
 * Looks at a tree that the user has, without writing to it and without heeding what its repository configures (git runs in a view of it;
 * what differs is found by hashing the files ourselves, so no filter runs).
 *
 * Throws `not-moby` (4), `bad-ref`, `bad-commit` (2), `no-permission` (3) for files that cannot be read.
 */
export async function inspectExisting(path: string, options: ExistingOptions = {}): Promise<ExistingTree> {
  requireMobyTree(path);
  const dir = await realpath(path);
  const entries = await treeEntries(dir);
  return withView(dir, async (view) => {
    const head = await readHead(dir, view);
    if ('note' in head || view === null) {
      const common = { dir, commit: null, tags: [], ref: options.ref ?? null, headTree: null, changed: [] };
      return { ...common, treeId: treeIdOf(entries), notes: 'note' in head ? [head.note] : [] };
    }
    const { commit, headTree } = head;
    const tags = await tagsAt(view, commit);
    const ref = options.ref ?? tags.find((tag) => pinFor(tag) !== null) ?? tags[0] ?? null;
    const changed = await changedPaths(view, commit, entries);
    const notes = [
      ...pinNotes(dir, ref, commit, options.commit),
      ...(changed === null ? [notCompared(dir)] : dirtyNotes(dir, changed)),
    ];
    return { dir, commit, tags, ref, headTree, treeId: treeIdOf(entries), changed: changed ?? [], notes };
  });
}

/** HEAD and its tree, or a note on why there is none. */
async function readHead(
  dir: string,
  view: RepositoryView | null,
): Promise<{ readonly commit: string; readonly headTree: string } | { readonly note: Note }> {
  if (lstatSync(join(dir, '.git'), { throwIfNoEntry: false }) === undefined) {
    return { note: noGit(`${dir} has no .git, so its commit is not known and cannot be checked.`) };
  }
  if (view === null) return { note: noGit(`${dir} has a .git that is no repository, so its commit is not known.`) };
  try {
    const [commit = '', headTree = ''] = (await gitIn(view.dir).raw('rev-parse', 'HEAD^{commit}', 'HEAD^{tree}'))
      .trim()
      .split('\n');
    return { commit, headTree };
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof MobyBuildError) throw cause;
    // git's home could not be made: that says nothing of the user's repository.
    if ('code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) throw cause;
    const why = cause.message.trim().split('\n').at(-1) ?? '';
    return { note: noGit(`${dir} has a .git that git cannot read (${why}), so its commit is not known.`) };
  }
}

function noGit(message: string): Note {
  return { level: 'warning', code: 'no-git', message, hint: 'The manifest will name the tree by its content only.' };
}

/** Version tags at the commit, by name. */
async function tagsAt(view: RepositoryView, commit: string): Promise<string[]> {
  const listed = await gitIn(view.dir).raw('tag', '--points-at', commit);
  return listed.split('\n').filter((tag) => tag !== '' && versionOfRef(tag) !== null);
}

/** Paths whose mode or bytes differ between the commit and the directory, ordered; null where the clone lacks trees of the commit. */
async function changedPaths(
  view: RepositoryView,
  commit: string,
  here: ReadonlyMap<string, TreeEntry>,
): Promise<string[] | null> {
  const listed = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const { stdout, exitCode } = await runGit(view.dir, listed, { allowFailure: true });
  if (exitCode !== 0) return null;
  const changed = new Set(here.keys());
  for (const record of stdout.split('\0')) {
    // git-ls-tree(1), -z: MODE SP TYPE SP ID TAB PATH NUL, the path as it is.
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(record);
    if (match === null) continue;
    const [, mode, type, id, path = ''] = match;
    // A submodule is nothing to compare; moby has none.
    const same = type === 'commit' || (here.get(path)?.mode === mode && here.get(path)?.id === id);
    if (same) changed.delete(path);
    else changed.add(path);
  }
  return [...changed].sort();
}

function pinNotes(dir: string, ref: string | null, commit: string, given: string | undefined): Note[] {
  const expected =
    given !== undefined ? expectedCommit(ref ?? 'HEAD', given).commit : ref === null ? null : pinFor(ref)?.commit;
  if (expected === undefined || expected === null || expected === commit) return [];
  return [
    {
      level: 'warning',
      code: 'other-commit',
      message: `${dir} is at ${commit}, while ${given === undefined ? (ref ?? '') : '--commit'} is ${expected}.`,
      hint: 'What is there is built, and reported as what it is.',
    },
  ];
}

function notCompared(dir: string): Note {
  return {
    level: 'warning',
    code: 'incomplete-clone',
    message: `${dir} lacks objects of its commit, so what differs from it is not known.`,
    hint: 'Nothing is fetched into your repository. What is there is what counts.',
  };
}

function dirtyNotes(dir: string, changed: readonly string[]): Note[] {
  if (changed.length === 0) return [];
  const named = changed.slice(0, NAMED_CHANGES).join(', ');
  const rest = changed.length > NAMED_CHANGES ? ` and ${String(changed.length - NAMED_CHANGES)} more` : '';
  return [
    {
      level: 'warning',
      code: 'dirty-tree',
      message: `${dir} differs from its commit in ${String(changed.length)} ${changed.length === 1 ? 'file' : 'files'}: ${named}${rest}.`,
      hint: 'The changes are part of what is built.',
    },
  ];
}
