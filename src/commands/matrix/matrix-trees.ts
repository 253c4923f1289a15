import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expectedCommit } from '../../moby/pins.ts';
import { findSource } from '../../run/source/get-source.ts';
import { storedSource } from '../../run/source/source-store.ts';
import type { Io } from '../../run/stage/io.ts';
import type { Checked } from '../../run/stage/stages.ts';
import { findRef, tagsOf } from '../../source/clone-refs.ts';
import { GitTrees } from '../../source/git-tree.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import type { Tree } from '../../types.ts';

/** The tree of one ref, read for planning. */
export interface ReadTree {
  readonly ref: string;
  readonly commit: string;
  readonly files: Tree;
  /** `clone`: of the user's own clone, which says what the tag is. */
  readonly pin: 'table' | 'clone';
}

/** The URL that the cells of a local clone fetch from; null: as everybody. */
export function cloneUrl(options: Checked['options']): string | null {
  return options.source.kind === 'directory' ? pathToFileURL(options.source.path).href : null;
}

/**
 * Reads the trees of a matrix one after the other: from a local clone, from the store, or fetched. With `toBuild` each commit is in the store
 * afterwards, whole, so that the cells fetch nothing of it.
 */
export class MatrixTrees {
  private clone: GitTrees | null = null;
  /** The commits of the local clone's tags. */
  private tags: ReadonlyMap<string, string> | null = null;
  private last: ReadTree | null = null;
  private readonly io: Io;
  private readonly toBuild: boolean;

  constructor(io: Io, toBuild: boolean) {
    this.io = io;
    this.toBuild = toBuild;
  }

  /** @throws MobyBuildError as `tagsOf`, `findRef`, `expectedCommit` and `findSource` say */
  async read(checked: Checked, ref: string): Promise<ReadTree> {
    if (this.last?.ref !== ref) this.last = await this.readAnew(checked, ref);
    return this.last;
  }

  private async readAnew(checked: Checked, ref: string): Promise<ReadTree> {
    const { source } = checked.options;
    if (source.kind === 'url') {
      const { commit } = expectedCommit(ref);
      return { ref, commit, pin: 'table', files: await this.fetched(checked, ref, commit) };
    }
    const commit = await this.commitOf(source.path, ref);
    if (this.toBuild) await this.store(checked, ref, commit);
    this.clone ??= new GitTrees(source.path);
    return { ref, commit, pin: 'clone', files: await this.clone.read(commit) };
  }

  /** git is asked once for all tags: one process for each takes longer than reading their trees. */
  private async commitOf(dir: string, ref: string): Promise<string> {
    this.tags ??= new Map((await tagsOf(dir, '*')).map((tag) => [tag.ref, tag.commit]));
    return this.tags.get(ref) ?? (await findRef(dir, ref)).commit;
  }

  private async fetched(checked: Checked, ref: string, commit: string): Promise<Tree> {
    const entry = await storedSource(checked, this.io, commit, ref);
    if (entry !== null) return new GitTrees(entry.dir).read(commit);
    return this.fetch(checked, ref, this.toBuild ? 'full' : 'files');
  }

  /** Brings a commit of a local clone into the store, where it is not there yet. */
  private async store(checked: Checked, ref: string, commit: string): Promise<void> {
    if ((await storedSource(checked, this.io, commit, ref)) !== null) return;
    const options = {
      ...checked.options,
      source: { kind: 'url', url: cloneUrl(checked.options) ?? '' } as const,
      commit,
    };
    await this.fetch({ ...checked, options }, ref, 'full');
  }

  private async fetch(checked: Checked, ref: string, mode: 'full' | 'files'): Promise<Tree> {
    const temp = makeTempDir('matrix');
    try {
      const dir = join(temp.path, 'moby');
      const { found } = await findSource(checked, this.io, { dir, mode }, ref);
      await rm(dir, { recursive: true, force: true });
      return found.files;
    } finally {
      temp.remove();
    }
  }
}
