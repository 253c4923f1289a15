import { dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';

/**
 * Turns an error of the file system into words and an exit code: no space (`disk-full`), no right (`no-permission`), a
 * read-only place (`read-only`) are 3, this machine's lack; anything else is `file-failed`, 1.
 */
export function toFileError(cause: unknown, path: string): MobyBuildError {
  if (cause instanceof MobyBuildError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new MobyBuildError({
        code: 'disk-full',
        exitCode: EXIT.machine,
        message:
          code === 'ENOSPC' ? `No space left on the device of ${path}.` : `The disk quota for ${path} is used up.`,
        where: path,
        hint: 'Free some space, or put the work somewhere else with --work-dir DIR.',
        command: `df -h ${dirname(path)}`,
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new MobyBuildError({
        code: 'no-permission',
        exitCode: EXIT.machine,
        message: `This user may not read or write ${(cause as NodeJS.ErrnoException).path ?? path}.`,
        where: path,
        hint: 'It may belong to root from an earlier run under sudo.',
        command: `ls -ld ${dirname(path)} ${path}`,
        cause,
      });
    case 'EROFS':
      return new MobyBuildError({
        code: 'read-only',
        exitCode: EXIT.machine,
        message: `${path} lies on a read-only file system.`,
        where: path,
        hint: 'Choose another directory with --work-dir or --out.',
        cause,
      });
    default:
      return new MobyBuildError({
        code: 'file-failed',
        exitCode: EXIT.failed,
        message: `${path}: ${message}`,
        where: path,
        cause,
      });
  }
}
