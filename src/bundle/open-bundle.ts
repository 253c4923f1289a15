import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { quoteWord } from '../system/command-line.ts';
import { toFileError } from '../system/file-error.ts';
import { BundleFault } from './format/header.ts';
import { readTar, type TarEntry } from './format/read-tar.ts';

/** Large enough that reading costs hardly more than hashing. */
const CHUNK = 1024 * 1024;

/**
 * Opens a bundle, gives its files to `read`, and puts what is wrong with it into words. Nothing is written anywhere.
 *
 * @throws MobyBuildError `no-such-file` (2), `bad-bundle` (5), or as `toFileError`
 */
export async function readBundle<T>(
  file: string,
  read: (entries: AsyncGenerator<TarEntry, void, undefined>) => Promise<T>,
): Promise<T> {
  await requireFile(file);
  try {
    return await read(readTar(createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>));
  } catch (cause) {
    if (!(cause instanceof BundleFault)) throw toFileError(cause, file);
    throw new MobyBuildError({
      code: 'bad-bundle',
      exitCode: EXIT.network,
      message: `This is no whole bundle: ${cause.message}.`,
      where: file,
      hint: 'Compare its checksum with that on the machine where it was made, and copy it again.',
      command: `sha256sum ${quoteWord(file)}`,
      cause,
    });
  }
}

async function requireFile(file: string): Promise<void> {
  const facts = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  if (facts?.isFile() === true) return;
  throw new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: facts === null ? `${file} is not there.` : `${file} is no file.`,
    where: file,
    command: NEXT.help('bundle'),
  });
}
