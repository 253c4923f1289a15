import { readdir } from 'node:fs/promises';

/** The names in a directory, sorted; none where there is no such directory. @throws what readdir(3) fails with else */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw cause;
  }
}
