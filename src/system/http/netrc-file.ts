import { readFile, stat } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../command-line.ts';
import { whyUnreadable } from '../file-error.ts';
import { parseNetrc, type Login } from './netrc.ts';

/** What `--netrc` names. */
export interface NetrcFile {
  readonly file: string;
  readonly text: string;
  readonly logins: readonly Login[];
  /** Its mode lets its group or everybody read it. */
  readonly readableByOthers: boolean;
}

/** Reads a netrc file. @throws MobyBuildError exit 2: `no-such-file`, `bad-netrc` */
export async function readNetrc(file: string): Promise<NetrcFile> {
  try {
    const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)]);
    const text = bytes.toString('utf8');
    return { file, text, logins: parseNetrc(text, file), readableByOthers: (mode & 0o044) !== 0 };
  } catch (cause) {
    if (cause instanceof MobyBuildError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `--netrc ${file} cannot be read (${code ?? String(cause)}).`,
      where: '--netrc',
      hint: `${whyUnreadable(code)} A relative path is taken from the current directory.`,
      command: `ls -ld ${quoteWord(file)}`,
      cause,
    });
  }
}
