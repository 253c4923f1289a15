import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { quoteWord } from '../../system/command-line.ts';
import { toFileError } from '../../system/file-error.ts';

/** How the profile that a probe writes says where it comes from; by this a later probe knows that it may replace the file. */
export const MADE_BY_PROBE = 'Made by moby-build mirrors probe';

/**
 * Checks, before anything is measured, that `--save FILE` replaces nothing but an earlier profile of ours.
 *
 * @throws MobyBuildError `not-our-profile`, `no-such-folder` (2), or as the system refuses to read
 */
export async function requireSavePlace(file: string): Promise<void> {
  try {
    if (!(await stat(dirname(file))).isDirectory()) throw inTheWay(dirname(file), 'is no directory');
    const text = await readFile(file, 'utf8');
    if (!text.includes(MADE_BY_PROBE)) throw inTheWay(file, 'is there already, and no probe wrote it');
  } catch (cause) {
    if (cause instanceof MobyBuildError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw inTheWay(file, 'is a directory');
    if (code !== 'ENOENT') throw toFileError(cause, file);
    await requireFolder(dirname(file));
  }
}

async function requireFolder(folder: string): Promise<void> {
  try {
    await stat(folder);
  } catch (cause) {
    throw new MobyBuildError({
      code: 'no-such-folder',
      exitCode: EXIT.usage,
      message: `${folder} is not there, so no profile can be saved in it.`,
      where: '--save',
      command: `mkdir -p ${quoteWord(folder)}`,
      cause,
    });
  }
}

function inTheWay(path: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'not-our-profile',
    exitCode: EXIT.usage,
    message: `${path} ${why}.`,
    where: '--save',
    hint: 'Nothing was measured or changed. Name another file, or remove this one first.',
    command: NEXT.save(),
  });
}
