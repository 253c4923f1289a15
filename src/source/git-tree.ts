import { EXIT, MobyBuildError } from '../errors.ts';
import { runGit } from '../system/git.ts';
import { isWanted, textOf } from '../system/load-tree.ts';
import type { Tree, TreeFile } from '../types.ts';

/** Asks nobody: a clone without its blobs (`--filter`) would fetch them one by one, and an audit is offline. */
const OFFLINE = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

/** git's id of a commit's tree. */
export async function treeOfCommit(dir: string, commit: string): Promise<string> {
  return (await runGit(dir, ['rev-parse', '--verify', `${commit}^{tree}`])).stdout.trim();
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
    const wanted = await this.list(commit);
    const missing = [...new Set(wanted.map(({ id }) => id))].filter((id) => !this.kept.has(id));
    const fetched = await this.texts(missing);
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
  private async list(commit: string): Promise<readonly Listed[]> {
    const listed = await Promise.all([
      this.git(['ls-tree', '-z', '-l', '--full-tree', commit]),
      this.git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, 'hack', 'contrib']),
    ]);
    return listed
      .flatMap((bytes) => entriesOf(bytes))
      .filter(({ path, size }) => isWanted(path, size))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private async texts(ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    if (ids.length === 0) return new Map();
    const texts = readBatch(await this.git(['cat-file', '--batch'], `${ids.join('\n')}\n`));
    const lacking = ids.find((id) => !texts.has(id));
    if (lacking !== undefined) throw this.incomplete(`object ${lacking} is missing`);
    return texts;
  }

  private async git(args: readonly string[], input?: string): Promise<Buffer> {
    const { stdout, stderr, exitCode } = await runGit(this.dir, args, {
      encoding: 'buffer',
      allowFailure: true,
      env: OFFLINE,
      ...(input === undefined ? {} : { input }),
    });
    if (exitCode !== 0) throw this.incomplete(stderr.trim().split('\n')[0] ?? '');
    return Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength);
  }

  private incomplete(why: string): MobyBuildError {
    return new MobyBuildError({
      code: 'incomplete-clone',
      exitCode: EXIT.tree,
      message: `${this.dir} does not hold all that is asked of it: ${why}.`,
      where: this.dir,
      hint: 'A clone that was made with --filter lacks files, and nothing is fetched here.',
      command: 'git clone --bare https://github.com/moby/moby',
    });
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
