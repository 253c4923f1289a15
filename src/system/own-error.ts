import { tmpdir } from 'node:os';
import { EXIT, MobyBuildError } from '../errors.ts';
import { quoteWord } from './command-line.ts';
import { toFileError } from './file-error.ts';

/** A path that this machine does not give is no mistake of ours; that something is not there is one, where nobody thought of it. */
export function toOwnError(cause: unknown): unknown {
  if (cause instanceof Error && 'instead' in cause) return cause.instead;
  const { code = '', path, message = '', syscall } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
  // The C library's getcwd(3), which has neither path nor descriptor.
  if (syscall === 'uv_cwd')
    return new MobyBuildError({
      code: 'no-such-directory',
      exitCode: EXIT.usage,
      message: 'The current directory is gone.',
      where: '.',
      hint: 'It was removed or replaced after the shell entered it. Go to one that is there, and run the same command again.',
      command: 'cd "$HOME"',
      cause,
    });
  // write(2) has a number and no path.
  if (path === undefined && (code === 'ENOSPC' || code === 'EDQUOT'))
    return new MobyBuildError({
      code: 'disk-full',
      exitCode: EXIT.machine,
      message: `A file could not be written: ${message}.`,
      where: tmpdir(),
      hint: 'Free some space. TMPDIR names another directory for temporary files, --work-dir DIR one for the work.',
      command: `df -h ${quoteWord(tmpdir())}`,
      cause,
    });
  return path !== undefined && OF_THE_MACHINE.includes(code) ? toFileError(cause, path) : cause;
}

const OF_THE_MACHINE = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EIO',
];
