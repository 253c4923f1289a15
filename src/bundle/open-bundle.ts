import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { quoteWord } from '../system/command-line.ts';
import { toFileError } from '../system/file-error.ts';
import { bytesOfOneFile, type BundleBytes } from './bytes/bytes.ts';
import { listPath, partPath, readPartList, wholeOf, type ListedPart } from './bytes/part-list.ts';
import { bytesOfParts, missingParts } from './bytes/split-bytes.ts';
import { BundleFault } from './format/header.ts';
import { readTar, type TarEntry } from './format/read-tar.ts';

/** A line for each of the most parts is far shorter. */
const MOST_BYTES_OF_LIST = 100_000;

/**
 * Opens a bundle, gives its files to `read`, and puts what is wrong with it into words. Nothing is written anywhere.
 *
 * @throws MobyBuildError as `openBundle` and `readOpened`
 */
export async function readBundle<T>(
  file: string,
  read: (entries: AsyncGenerator<TarEntry, void, undefined>) => Promise<T>,
): Promise<T> {
  const opened = await openBundle(file);
  try {
    return (await readOpened(file, opened, read)).value;
  } finally {
    await opened.close();
  }
}

/**
 * Opens a bundle: one file, or parts, of which the list, the first one or the name of the whole may be given.
 *
 * @throws MobyBuildError `no-such-file` (2), `bundle-parts` (5), or as `toFileError`
 */
export async function openBundle(file: string): Promise<BundleBytes> {
  const whole = await splitBundleOf(file);
  if (whole === null) {
    await requireFile(file);
    return bytesOfOneFile(file);
  }
  const parts = await readParts(whole);
  const missing = await missingParts(whole, parts);
  if (missing.length > 0)
    throw badParts(
      whole,
      missing.map((name) => `${name} is not there`),
    );
  return bytesOfParts(whole, parts);
}

/** The name of the whole, where a bundle lies in parts; null: it is one file. */
export async function splitBundleOf(file: string): Promise<string | null> {
  if (await isFile(file)) {
    const whole = wholeOf(file);
    if (whole === null) return null;
    if (await isFile(listPath(whole))) return whole;
    if (file !== partPath(whole, 1)) return null;
    throw badParts(whole, [`${basename(listPath(whole))}, which lists them, is not there`]);
  }
  if (await isFile(listPath(file))) return file;
  if (!(await isFile(partPath(file, 1)))) return null;
  throw badParts(file, [`${basename(listPath(file))}, which lists them, is not there`]);
}

/** The parts that the list of a bundle names. Throws `bundle-parts` (5), or as `toFileError`. */
export async function readParts(whole: string): Promise<readonly ListedPart[]> {
  const list = listPath(whole);
  const facts = await stat(list).catch((cause: unknown) => {
    throw toFileError(cause, list);
  });
  const text = facts.size > MOST_BYTES_OF_LIST ? '' : await readFile(list, 'utf8');
  const parts = readPartList(text, basename(whole));
  if (typeof parts === 'string') throw badParts(whole, [`${basename(list)} ${parts}`]);
  return parts;
}

/** As `readBundle`, of a bundle that is open, and stays so. @returns also the SHA-256 of what was read */
export async function readOpened<T>(
  file: string,
  opened: BundleBytes,
  read: (entries: AsyncGenerator<TarEntry, void, undefined>) => Promise<T>,
): Promise<{ readonly value: T; readonly sha256: string }> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of opened.chunks()) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const value = await read(readTar(hashed()));
    requireParts(file, await opened.faults(false));
    return { value, sha256: hash.digest('hex') };
  } catch (cause) {
    if (!(cause instanceof BundleFault)) throw toFileError(cause, file);
    requireParts(file, await opened.faults(true));
    throw badBundle(file, cause);
  }
}

function badBundle(file: string, cause: BundleFault): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-bundle',
    exitCode: EXIT.network,
    message: `This is no whole bundle: ${cause.message}.`,
    where: file,
    hint: 'Compare its checksum with that on the machine where it was made, and copy it again.',
    command: `sha256sum ${quoteWord(file)}`,
    cause,
  });
}

function requireParts(file: string, faults: readonly string[]): void {
  if (faults.length > 0) throw badParts(wholeOf(file) ?? file, faults);
}

function badParts(whole: string, faults: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'bundle-parts',
    exitCode: EXIT.network,
    message: [`The parts of this bundle are not as they were written (${String(faults.length)}):`, ...faults]
      .map((line, at) => (at === 0 ? line : `  ${line}`))
      .join('\n'),
    where: whole,
    hint: 'Copy again what is named, and the list, from where the bundle was made.',
    command: `sha256sum -c ${quoteWord(listPath(whole))}`,
  });
}

async function isFile(file: string): Promise<boolean> {
  const facts = await stat(file).catch((cause: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw toFileError(cause, file);
  });
  return facts?.isFile() === true;
}

async function requireFile(file: string): Promise<void> {
  if (await isFile(file)) return;
  const isThere = (await stat(file).catch(() => null)) !== null;
  throw new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: isThere ? `${file} is no file.` : `${file} is not there.`,
    where: file,
    command: NEXT.help('bundle'),
  });
}
