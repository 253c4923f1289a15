import { runGit } from '../../system/git/git.ts';
import { withView } from '../../system/git/git-view.ts';

/**
 * Where the commit of a tree writes a text, in files that no plan reads, too. The repository may be anybody's, so git reads a view of it.
 *
 * @param dir the tree
 * @returns the first place; null where there is none, or the tree is no repository
 */
export async function placeInRepository(
  text: string,
  dir: string,
): Promise<{ readonly file: string; readonly line: number } | null> {
  return withView(dir, async (view) => {
    if (view === null) return null;
    // -z: a name may hold a colon.
    const words = ['grep', '--null', '-nIFi', '--max-count=1', '-e', text, 'HEAD'];
    const { exitCode, stdout } = await runGit(view.dir, words, { allowFailure: true, maxBytes: 1024 * 1024 });
    const [, file, line] = /^HEAD:([^\0\n]+)\0(\d+)\0/u.exec(stdout) ?? [];
    return exitCode !== 0 || file === undefined ? null : { file, line: Number(line) };
  });
}
