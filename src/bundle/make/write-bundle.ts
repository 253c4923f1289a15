import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { toFileError } from '../../system/file-error.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { listPath, MOST_PARTS } from '../bytes/part-list.ts';
import { CONTENTS_PATH, contentsText, SUMS_PATH, type Held } from '../format/contents.ts';
import { BLOCK } from '../format/header.ts';
import { padding } from '../format/read-tar.ts';
import { comparePaths, sumsText } from '../format/sums.ts';
import { writeTar, type TarSource } from '../format/write-tar.ts';
import { BundleSink, type WrittenPart } from './bundle-sink.ts';
import type { Part } from './parts.ts';

/** A file that goes into a bundle, wherever it lies. */
export type BundleFile = Part & ({ readonly from: string } | { readonly text: string });

/** Where a bundle goes. */
export interface BundleOutput {
  readonly file: string;
  /** Bytes of a part; null: all in one file. */
  readonly split: number | null;
  /** Files of an earlier bundle of this name, which go. */
  readonly earlier: readonly string[];
}

export interface Written {
  readonly bytes: number;
  /** Of the whole bundle: what its maker tells the one who reads it. */
  readonly sha256: string;
  /** The file, or its parts. */
  readonly parts: readonly WrittenPart[];
  /** The list of the parts; null: it is one file. */
  readonly list: string | null;
}

/**
 * Writes a bundle: `bundle.json`, `SHA256SUMS`, then the files by their paths. The same files give the same bytes.
 *
 * @param files by path; the two lists are made here
 * @throws MobyBuildError `usage` (2) where there would be too many parts; BundleFault where a file changed since its size was taken; else as
 *   `toFileError`
 */
export async function writeBundle(
  { file, split, earlier }: BundleOutput,
  contents: Held,
  files: ReadonlyMap<string, BundleFile>,
  onFile: (path: string) => void,
): Promise<Written> {
  const list = textFile(contentsText(contents));
  const all = [...files].sort(([one], [other]) => comparePaths(one, other));
  const sums = new Map([[CONTENTS_PATH, list.sha256], ...all.map(([path, { sha256 }]) => [path, sha256] as const)]);
  const sources = [[CONTENTS_PATH, list], [SUMS_PATH, textFile(sumsText(sums))], ...all] as const;
  const bytes = sources.reduce((sum, [, each]) => sum + BLOCK + each.bytes + padding(each.bytes), 2 * BLOCK);
  if (split !== null && bytes > split * MOST_PARTS) throw tooManyParts(bytes);
  const sink = new BundleSink(file, split);
  const hash = createHash('sha256');
  try {
    for await (const chunk of writeTar(sources.map(([path, each]) => sourceOf(path, each, onFile)))) {
      throwIfStopping();
      hash.update(chunk);
      await sink.write(chunk);
    }
    return {
      bytes,
      sha256: hash.digest('hex'),
      parts: await sink.finish(earlier),
      list: split === null ? null : listPath(file),
    };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) throw toFileError(cause, file);
    throw cause;
  } finally {
    await sink.drop();
  }
}

function tooManyParts(bytes: number): MobyBuildError {
  const least = `${String(Math.ceil(bytes / MOST_PARTS / 1024 ** 2))}M`;
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `The bundle has ${String(bytes)} bytes, which is more than ${String(MOST_PARTS)} parts of this size.`,
    where: '--split',
    hint: 'What was fetched is kept.',
    command: NEXT.split(least),
  });
}

/** A file that is made here. Pure. */
export function textFile(text: string): BundleFile {
  return { text, bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

function sourceOf(path: string, file: BundleFile, onFile: (path: string) => void): TarSource {
  return {
    path,
    bytes: file.bytes,
    open: () => {
      onFile(path);
      return 'text' in file ? one(Buffer.from(file.text)) : (createReadStream(file.from) as AsyncIterable<Uint8Array>);
    },
  };
}

async function* one(data: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(data);
}
