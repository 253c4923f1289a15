import { lstatSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { commandLine, quoteWord } from '../system/command-line.ts';
import { commitTime } from './clone-refs.ts';
import { gitIn, runGit } from '../system/git/git.ts';
import { withView, type RepositoryView } from '../system/git/git-view.ts';
import { treeEntries, treeIdOf, type TreeEntry } from '../system/files/tree-id.ts';
import type { Note } from '../types.ts';
import { NEXT } from '../next-command.ts';
import { requireMobyTree } from '../moby/moby-tree.ts';
import { expectedCommit, pinFor } from '../moby/pins.ts';
import { versionOfRef } from '../moby/series.ts';
import { sortDifferences, treeFaults, type Differences } from './tree-state.ts';

/** Changes that a note names one by one; the rest are counted. */
const NAMED_CHANGES = 5;

export interface ExistingTree {
  /** Absolute, symlinks resolved. */
  readonly dir: string;
  /** HEAD, or null where there is no usable .git. */
  readonly commit: string | null;
  /** When it was made: seconds since 1970. */
  readonly committed: number | null;
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
  /** What a user should know. */
  readonly notes: readonly Note[];
  /** Those of the notes that tell of damage which no build survives. */
  readonly faults: readonly Note[];
  /** How a patch set for this tree is applied, where `git am` does not do; null where it does. */
  readonly applyWith: string | null;
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
 * Throws `not-moby` (4), `bad-ref`, `bad-commit` (2), `no-permission` (3) for files that cannot be read; `wrong-commit` (4) where the tree
 * is not at `--commit`, or nothing says that it is.
 */
export async function inspectExisting(path: string, options: ExistingOptions = {}): Promise<ExistingTree> {
  requireMobyTree(path);
  const dir = await realpath(path);
  const given = options.commit === undefined ? undefined : expectedCommit(options.ref ?? 'HEAD', options.commit).commit;
  const entries = await treeEntries(dir);
  const faults = treeFaults(dir, entries);
  const common = { dir, treeId: treeIdOf(entries), faults };
  return withView(dir, async (view) => {
    const head = await readHead(dir, view);
    if ('note' in head || view === null) {
      const notes = 'note' in head ? [head.note] : [];
      if (given !== undefined) throw notAtCommit(dir, given, null);
      const nothing = {
        commit: null,
        committed: null,
        tags: [],
        ref: options.ref ?? null,
        headTree: null,
        changed: [],
      };
      return { ...common, ...nothing, notes: [...notes, ...faults], applyWith: applyWithoutGit(dir) };
    }
    const { commit, headTree } = head;
    if (given !== undefined && given !== commit) throw notAtCommit(dir, given, commit);
    const tags = await tagsAt(view, commit);
    const ref = options.ref ?? tags.find((tag) => pinFor(tag) !== null) ?? tags[0] ?? null;
    const there = await committedEntries(view, commit);
    const changed = there === null ? null : changedPaths(there, entries);
    const committed = await commitTime(view.dir, commit);
    const notes = [
      ...(given === undefined ? pinNotes(dir, ref, commit) : []),
      ...(there === null || changed === null
        ? [notCompared(dir)]
        : differenceNotes(dir, sortDifferences(dir, changed, entries, there), faults)),
      ...faults,
    ];
    const clean = changed?.length === 0;
    const applyWith = clean ? null : `git -C ${quoteWord(dir)} apply FILE`;
    return { ...common, commit, committed, tags, ref, headTree, changed: changed ?? [], notes, applyWith };
  });
}

/** Not in a repository of its own, git would look for one around it, and apply nothing that lies outside of the current folder of that. */
function applyWithoutGit(dir: string): string {
  return `GIT_CEILING_DIRECTORIES=${quoteWord(dirname(dir))} git -C ${quoteWord(dir)} apply FILE`;
}

/** The error for a tree that `--commit` does not name; `head` null: nothing tells its commit. */
function notAtCommit(dir: string, given: string, head: string | null): MobyBuildError {
  return new MobyBuildError({
    code: 'wrong-commit',
    exitCode: EXIT.tree,
    message:
      head === null
        ? `${dir} has no .git that could tell whether it is ${given}.`
        : `${dir} is at ${head}, while --commit is ${given}.`,
    where: '--commit',
    hint:
      head === null
        ? 'Take a clone at that commit, or leave --commit out: the tree is then named by its content.'
        : 'Leave --commit out to take what is there.',
    command: head === null ? NEXT.anyCommit() : commandLine({ file: 'git', args: ['-C', dir, 'checkout', given] }),
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

/** Everything of the commit's tree by its path; null where the clone lacks trees of the commit. */
async function committedEntries(
  view: RepositoryView,
  commit: string,
): Promise<ReadonlyMap<string, { readonly mode: string; readonly id: string }> | null> {
  const listed = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const { stdout, exitCode } = await runGit(view.dir, listed, { allowFailure: true });
  if (exitCode !== 0) return null;
  return new Map(
    stdout.split('\0').flatMap((record) => {
      // git-ls-tree(1), -z: MODE SP TYPE SP ID TAB PATH NUL, the path as it is. A submodule is nothing to compare; moby has none.
      const [, mode = '', type, id = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(record) ?? [];
      return type === undefined || type === 'commit' ? [] : [[path, { mode, id }] as const];
    }),
  );
}

/** Paths whose mode or bytes differ between the commit and the directory, ordered. */
function changedPaths(
  committed: ReadonlyMap<string, { readonly mode: string; readonly id: string }>,
  here: ReadonlyMap<string, TreeEntry>,
): string[] {
  const changed = new Set(here.keys());
  for (const [path, { mode, id }] of committed) {
    const now = here.get(path);
    if (now?.mode === mode && now.id === id) changed.delete(path);
    else changed.add(path);
  }
  return [...changed].sort();
}

function pinNotes(dir: string, ref: string | null, commit: string): Note[] {
  const expected = ref === null ? undefined : pinFor(ref)?.commit;
  if (expected === undefined || expected === commit) return [];
  return [
    {
      level: 'warning',
      code: 'other-commit',
      message: `${dir} is at ${commit}, while ${ref ?? ''} is ${expected}.`,
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

/** One note for all that differs in its text, and one for many files that differ in their execute bit or line ends only. */
function differenceNotes(dir: string, { content, bits, lineEnds }: Differences, faults: readonly Note[]): Note[] {
  const has = (code: Note['code']): boolean => faults.some((fault) => fault.code === code);
  const manyBits = bits.length > NAMED_CHANGES;
  const told = [...content, ...(manyBits ? [] : bits), ...(has('carriage-returns') ? [] : lineEnds)].sort();
  return [...dirtyNotes(dir, told), ...(manyBits && !has('execute-bits-lost') ? [bitsNote(dir, bits.length)] : [])];
}

function bitsNote(dir: string, count: number): Note {
  return {
    level: 'warning',
    code: 'execute-bits-differ',
    message: `${dir} differs from its commit in the execute bits of ${String(count)} files, as after chmod -R or on a file system without them.`,
    hint: `It builds so. git -C ${quoteWord(dir)} config core.fileMode false lets git pass over them.`,
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
