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
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    if (await isKernelFiles(folder)) throw noPlace(flag, file, `the kernel fills ${folder}, which takes no files`);
    if (!(await stat(folder)).isDirectory()) throw noPlace(flag, file, `${folder} is no folder`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw toFileError(cause, file);
    throw noPlace(flag, file, `there is no folder ${folder}`, `mkdir -p ${quoteWord(folder)}`);
  }
  const there = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  if (there?.isDirectory() === true) throw toFileError(Object.assign(new Error('a folder'), { code: 'EISDIR' }), file);
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
