import { open, stat, type FileHandle } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { quoteWord } from '../system/command-line.ts';
import { toFileError } from '../system/file-error.ts';
import { throwIfStopping } from '../system/process/supervisor.ts';
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
  const opened = await openBundle(file);
  try {
    return await readOpened(file, opened, read);
  } finally {
    await opened.close();
  }
}

/** Opens the file of a bundle: what is read from it stays the same where another file takes its name. Throws as `readBundle`. */
export async function openBundle(file: string): Promise<FileHandle> {
  await requireFile(file);
  return open(file, 'r').catch((cause: unknown) => {
    throw toFileError(cause, file);
  });
}

/** As `readBundle`, of a file that is open, and stays so. A signal ends it (`interrupted`): a bundle has gigabytes. */
export async function readOpened<T>(
  file: string,
  opened: FileHandle,
  read: (entries: AsyncGenerator<TarEntry, void, undefined>) => Promise<T>,
): Promise<T> {
  try {
    return await read(readTar(chunksOf(opened)));
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

async function* chunksOf(opened: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = opened.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    throwIfStopping();
    yield chunk;
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
