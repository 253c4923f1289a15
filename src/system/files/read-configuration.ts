import { readFile } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../command-line.ts';
import { toFileError } from '../file-error.ts';

/**
 * The bytes of a configuration file; null where there is none.
 * @throws MobyBuildError `usage` for a directory, else as the system says
 */
export async function readConfiguration(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    if ((cause as NodeJS.ErrnoException).code !== 'EISDIR') throw toFileError(cause, path);
    throw new MobyBuildError({
      code: 'usage',
      exitCode: EXIT.usage,
      message: `The configuration file ${path} is a directory.`,
      where: path,
      hint: 'Where no --config names one, moby-build.yaml, .yml or .json in this directory is read.',
      command: `ls -ld ${quoteWord(path)}`,
      cause,
    });
  }
}
