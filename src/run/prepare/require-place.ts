import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../../system/command-line.ts';
import { toFileError } from '../../system/file-error.ts';
import { isKernelFiles } from '../../system/files/kernel-files.ts';
import type { Requested } from '../stage/stages.ts';

/**
 * Checks that the files which options name can be written, before hours go into what they shall say. Changes nothing.
 *
 * @throws MobyBuildError `no-such-folder`, exit 2; else as `toFileError`
 */
export async function requirePlaces({ options }: Pick<Requested, 'options'>): Promise<void> {
  if (options.lock !== null && !options.locked) await requirePlace('--lock', options.lock);
  for (const file of options.report) await requirePlace('--report', file);
}

/** The same of one file. @param flag the option that names it */
export async function requirePlace(flag: string, file: string): Promise<void> {
  const folder = dirname(file);
  const there = await nearestThere(folder);
  if (await isKernelFiles(there)) throw noPlace(flag, file, `the kernel fills ${there}, which takes no files`);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    if (!(await stat(folder)).isDirectory()) throw noPlace(flag, file, `${folder} is no folder`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw toFileError(cause, file);
    throw noPlace(flag, file, `there is no folder ${folder}`, `mkdir -p ${quoteWord(folder)}`);
  }
  const old = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  if (old?.isDirectory() === true) throw toFileError(Object.assign(new Error('a folder'), { code: 'EISDIR' }), file);
}

/** The folder itself, or the one above it that is there. */
async function nearestThere(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}

function noPlace(flag: string, file: string, why: string, command = 'df -h .'): MobyBuildError {
  return new MobyBuildError({
    code: 'no-such-folder',
    exitCode: EXIT.usage,
    message: `${flag} ${file} is to be written when the work is done, and ${why}.`,
    where: flag,
    hint: 'A relative path is taken from the current directory.',
    command,
  });
}
