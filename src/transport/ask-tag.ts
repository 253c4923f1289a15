import type { GitAccess } from '../system/git/git-access.ts';
import { runGit } from '../system/git/git.ts';
import { makeTempDir } from '../system/files/temp-dir.ts';
import { classifyFetchFailure } from './fetch-outcome.ts';

/** Milliseconds that a server has for one line. */
const DEADLINE_MS = 20_000;

/**
 * Asks a git server which commit a tag is (git-ls-remote(1): an annotated tag has a second line, with `^{}`, for what it peels to).
 *
 * @returns the commit, null where there is no such tag, or why it did not answer
 */
export async function askTag(
  url: string,
  tag: string,
  access: GitAccess,
): Promise<{ readonly commit: string | null } | { readonly fault: string }> {
  const temp = makeTempDir('tag');
  try {
    const names = [`refs/tags/${tag}`, `refs/tags/${tag}^{}`];
    const { stdout, stderr, exitCode, timedOut } = await runGit(temp.path, ['ls-remote', '--', url, ...names], {
      allowFailure: true,
      timeoutMs: DEADLINE_MS,
      remote: { access, url },
    });
    if (exitCode !== 0 || timedOut) return { fault: classifyFetchFailure(stderr, timedOut).reason };
    const ids = new Map(
      stdout.split('\n').map((line) => {
        const [commit = '', name = ''] = line.split('\t');
        return [name, commit] as const;
      }),
    );
    const id = ids.get(`refs/tags/${tag}^{}`) ?? ids.get(`refs/tags/${tag}`) ?? null;
    return { commit: id !== null && /^[0-9a-f]{40}$/.test(id) ? id : null };
  } finally {
    temp.remove();
  }
}
