import { runGit } from '../system/git/git.ts';
import { withView } from '../system/git/git-view.ts';
import { isWanted, textOf } from '../system/files/load-tree.ts';
import type { Tree, TreeFile } from '../types.ts';
import { incompleteClone } from './incomplete-clone.ts';

/** git's id of a commit's tree. @param dir a repository of ours or the user's */
export async function treeOfCommit(dir: string, commit: string): Promise<string> {
  return withView(dir, async (view) => {
    const { stdout } = await runGit(view?.dir ?? dir, ['rev-parse', '--verify', `${commit}^{tree}`]);
    return stdout.trim();
  });
}

/**
 * Reads moby trees from git's objects, without checking anything out: the same files as `loadTree` takes of a directory. Tags that
 * follow each other share nearly all files, so the texts of the last tree are kept, and no more.
 */
export class GitTrees {
  /** Texts by blob id; null: no text. */
  private kept = new Map<string, string | null>();
  private readonly dir: string;

  /** @param dir a clone, bare or not */
  constructor(dir: string) {
    this.dir = dir;
  }

  /** @param commit a full id. Throws MobyBuildError `incomplete-clone` (4) where objects are missing. */
  async read(commit: string): Promise<Tree> {
    return withView(this.dir, async (view) => {
      if (view === null) throw incompleteClone(this.dir, 'it is no repository');
      return this.readIn(view.dir, commit);
    });
  }

  private async readIn(view: string, commit: string): Promise<Tree> {
    const wanted = await this.list(view, commit);
    const missing = [...new Set(wanted.map(({ id }) => id))].filter((id) => !this.kept.has(id));
    const fetched = await this.texts(view, missing);
    const texts = new Map<string, string | null>();
    const tree = new Map<string, TreeFile>();
    for (const { path, mode, id } of wanted) {
      const text = fetched.get(id) ?? this.kept.get(id) ?? null;
      texts.set(id, text);
      if (text !== null) tree.set(path, { text, mode });
    }
    this.kept = texts;
    return tree;
  }

  /** The files that count, ordered by path. */
  private async list(view: string, commit: string): Promise<readonly Listed[]> {
    const listed = await Promise.all([
      this.git(view, ['ls-tree', '-z', '-l', '--full-tree', commit]),
      this.git(view, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, 'hack', 'contrib']),
    ]);
    return listed
      .flatMap((bytes) => entriesOf(bytes))
      .filter(({ path, size }) => isWanted(path, size))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private async texts(view: string, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    if (ids.length === 0) return new Map();
    const texts = readBatch(await this.git(view, ['cat-file', '--batch'], `${ids.join('\n')}\n`));
    const lacking = ids.find((id) => !texts.has(id));
    if (lacking !== undefined) throw incompleteClone(this.dir, `object ${lacking} is missing`);
    return texts;
  }

  private async git(view: string, args: readonly string[], input?: string): Promise<Buffer> {
    const { stdout, stderr, exitCode } = await runGit(view, args, {
      encoding: 'buffer',
      allowFailure: true,
      ...(input === undefined ? {} : { input }),
    });
    if (exitCode !== 0)
      throw incompleteClone(this.dir, (stderr.trim().split('\n')[0] ?? '').replaceAll(view, this.dir));
    return Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength);
  }
}

interface Listed {
  readonly path: string;
  readonly mode: TreeFile['mode'];
  readonly id: string;
  readonly size: number;
}

/**
 * git-ls-tree(1), -z -l: MODE SP TYPE SP ID SP+ SIZE TAB PATH NUL. Symlinks, submodules and folders are left out, as `loadTree` does.
 * A blob that is not there has a word for its size; reading it says so.
 */
function entriesOf(listed: Buffer): readonly Listed[] {
  return listed
    .toString('utf8')
    .split('\0')
    .flatMap((record) => {
      const [, bits, id = '', size, path = ''] = /^(100\d{3}) blob ([0-9a-f]+) +(\d+|\w+)\t([^]*)$/.exec(record) ?? [];
      if (bits === undefined) return [];
      return [
        {
          path,
          id,
          mode: bits === '100755' ? '100755' : '100644',
          size: /^\d+$/.test(size ?? '') ? Number(size) : 0,
        } as const,
      ];
    });
}

/** git-cat-file(1), --batch: ID SP TYPE SP SIZE LF, the bytes, LF; for each id in turn. One that is missing (ID SP missing LF) is not in the result. */
function readBatch(output: Buffer): ReadonlyMap<string, string | null> {
  const texts = new Map<string, string | null>();
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const [id = '', , size] = output.toString('latin1', at, end).split(' ');
    const start = end + 1;
    if (size === undefined) {
      at = start;
      continue;
    }
    at = start + Number(size);
    texts.set(id, textOf(output.subarray(start, at)));
    at += 1;
  }
  return texts;
}
