import { basename, dirname } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { quoteWord } from './command-line.ts';

/** What a fault of the file system means: a sentence with the path, what to do, and the command that shows more. */
interface Meaning {
  readonly message: (path: string) => string;
  readonly hint: string;
  readonly command: (path: string) => string;
}

/** Shows each part of a path, with its kind, owner and where its link leads. */
const parts = (path: string): string => `namei -l ${quoteWord(path)}`;

/** Calls that make something; where they find nothing, its folder is missing or takes nothing. */
const MAKES = ['mkdir', 'rename', 'symlink', 'link', 'copyfile', 'mkdtemp'];

const MEANS: Readonly<Record<string, Meaning>> = {
  ENOENT: {
    message: (path) => `${path} is not there (ENOENT).`,
    hint: 'A part of this path is missing, or something was removed while this run used it.',
    command: parts,
  },
  ENOTDIR: {
    message: (path) => `A part of the path ${path} is a file, and not a folder (ENOTDIR).`,
    hint: 'Name another path, or move that file away.',
    command: parts,
  },
  EISDIR: {
    message: (path) => `${path} is a folder, where a file belongs (EISDIR).`,
    hint: 'Name a file, or move that folder away.',
    command: (path) => `ls -ld ${quoteWord(path)}`,
  },
  ENOTEMPTY: {
    message: (path) => `${path} is a folder that holds something, and cannot be replaced (ENOTEMPTY).`,
    hint: 'Name another path, or move that folder away.',
    command: (path) => `ls -la ${quoteWord(path)}`,
  },
  EEXIST: {
    message: (path) => `${path} is there already (EEXIST).`,
    hint: 'Name another path, or move what is there away.',
    command: (path) => `ls -ld ${quoteWord(path)}`,
  },
  ELOOP: {
    message: (path) => `The symbolic links of ${path} lead round in a circle (ELOOP).`,
    hint: 'One of them leads to itself, or there are more than 40. Name another path, or remove that link.',
    command: parts,
  },
  ENAMETOOLONG: {
    message: (path) => `A name in ${path} is longer than its file system takes (ENAMETOOLONG).`,
    hint: 'Most take 255 bytes for a name, and 4095 for a whole path. Choose a shorter one.',
    command: () => 'getconf NAME_MAX .',
  },
  EIO: {
    message: (path) => `The disk or the network behind ${path} does not read or write (EIO).`,
    hint: 'The log of the kernel says which device failed. Use another disk, and run the same command again.',
    command: () => 'dmesg | tail',
  },
  EMFILE: {
    message: (path) => `Too many files are open to open ${path} (EMFILE).`,
    hint: 'This shell allows too few at once. Raise the limit, and run the same command again.',
    command: () => 'ulimit -n 4096',
  },
  ETXTBSY: {
    message: (path) => `${path} is a program that runs, and cannot be written (ETXTBSY).`,
    hint: 'End that program, or name another path.',
    command: (path) => `fuser -v ${quoteWord(path)}`,
  },
};

const CANNOT_MAKE: Meaning = {
  message: (path) => `${path} cannot be created there (ENOENT).`,
  hint: 'A folder of this path is missing, or its file system takes no files, like /proc and /sys. Name another path.',
  command: (path) => `findmnt -T ${quoteWord(dirname(path))}`,
};

/** Why a file that an option names cannot be read, as a sentence. Pure. @param code of the system: `ENOENT` */
export function whyUnreadable(code: string | undefined): string {
  return WHY[code ?? ''] ?? 'The system does not give it.';
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  ENOTDIR: 'A part of its path is a file, and not a folder.',
  EISDIR: 'It is a folder.',
  ELOOP: 'Its symbolic links lead round in a circle.',
  ENAMETOOLONG: 'A name in it is longer than its file system takes.',
  EACCES: 'This user may not read it.',
  EPERM: 'This user may not read it.',
  EIO: 'The disk or the network behind it does not read.',
};

/** As `toFileError`, for what was to be written: where a folder is missing, the file is not looked for. */
export function toWriteError(cause: unknown, path: string): MobyBuildError {
  const missing = !(cause instanceof MobyBuildError) && (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return toFileError(missing ? Object.assign(cause as Error, { syscall: 'mkdir' }) : cause, path);
}

/**
 * Turns an error of the file system into words and an exit code: no space (`disk-full`), no right (`no-permission`), a
 * read-only place (`read-only`) are 3, this machine's lack; anything else is `file-failed`, 1. Each says what, where, why, and a command.
 */
export function toFileError(cause: unknown, path: string): MobyBuildError {
  if (cause instanceof MobyBuildError) return cause;
  const { code = '', message, syscall = '' } = cause as NodeJS.ErrnoException;
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
        command: `df -h ${quoteWord(dirname(path))}`,
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new MobyBuildError({
        code: 'no-permission',
        exitCode: EXIT.machine,
        message: `This user may not read or write ${named(cause as NodeJS.ErrnoException, path)}.`,
        where: path,
        hint: 'It may belong to root from an earlier run under sudo.',
        command: `ls -ld ${quoteWord(dirname(path))} ${quoteWord(path)}`,
        cause,
      });
    case 'EROFS':
      return new MobyBuildError({
        code: 'read-only',
        exitCode: EXIT.machine,
        message: `${path} lies on a read-only file system.`,
        where: path,
        hint: 'Choose another directory with --work-dir or --out.',
        command: `findmnt -T ${quoteWord(dirname(path))}`,
        cause,
      });
    default: {
      const meaning = code === 'ENOENT' && MAKES.includes(syscall) ? CANNOT_MAKE : MEANS[code];
      return new MobyBuildError({
        code: 'file-failed',
        exitCode: EXIT.failed,
        message: meaning?.message(path) ?? `${path}: ${message}`,
        where: path,
        hint: meaning?.hint,
        command: meaning?.command(path) ?? parts(path),
        cause,
      });
    }
  }
}

/** The path that the system names, unless it is one of ours beside the user's: its name would tell nobody anything. */
function named({ path: seen }: NodeJS.ErrnoException, path: string): string {
  if (seen === undefined || (dirname(seen) === dirname(path) && basename(seen).startsWith('.'))) return path;
  return seen;
}
