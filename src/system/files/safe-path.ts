import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';

/**
 * The absolute path of a file inside a tree that may be written without leaving the tree: `path` is relative, POSIX, has no
 * `..`, does not reach into `.git`, and no part of it that exists is a symlink. A tree comes from others: a link
 * `hack -> /etc` in it must not turn an edit into one of the machine's files.
 *
 * Throws `unsafe-path` (4).
 */
export async function pathInside(root: string, path: string): Promise<string> {
  const parts = path.split('/');
  const bad = parts.find(
    (part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git' || part.includes('\0'),
  );
  if (bad !== undefined) throw unsafe(path, `the part ${JSON.stringify(bad)} is not allowed`);
  let at = root;
  for (const part of parts) {
    at = join(at, part);
    const facts = await lstat(at).catch((cause: unknown) => {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      if (code === 'ENOTDIR') throw unsafe(path, 'a part of it is a file, not a directory');
      throw cause;
    });
    if (facts === null) break;
    if (facts.isSymbolicLink()) throw unsafe(path, `${at} is a symbolic link`);
  }
  return join(root, ...parts);
}

function unsafe(path: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'unsafe-path',
    exitCode: EXIT.tree,
    message: `${path} cannot be written inside the tree: ${why}.`,
    where: path,
  });
}
