import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toFileError } from '../../system/file-error.ts';
import { nameBeside, removeAbandoned, syncDirectory } from '../../system/files/atomic.ts';
import { onLeave, throwIfStopping } from '../../system/process/supervisor.ts';
import { CONTENTS_PATH, contentsText, SUMS_PATH, type Held } from '../format/contents.ts';
import { comparePaths, sumsText } from '../format/sums.ts';
import { writeTar, type TarSource } from '../format/write-tar.ts';
import type { Part } from './parts.ts';

/** A file that goes into a bundle, wherever it lies. */
export type BundleFile = Part & ({ readonly from: string } | { readonly text: string });

export interface Written {
  readonly bytes: number;
  /** Of the whole bundle: what its maker tells the one who reads it. */
  readonly sha256: string;
}

/**
 * Writes a bundle: `bundle.json`, `SHA256SUMS`, then the files by their paths. The same files give the same bytes. It appears under its
 * name when it is whole. What a killed run was writing is removed first: it may fill the disk.
 *
 * @param files by path; the two lists are made here
 * @throws BundleFault where a file changed since its size was taken; else as `toFileError`
 */
export async function writeBundle(
  file: string,
  contents: Held,
  files: ReadonlyMap<string, BundleFile>,
  onFile: (path: string) => void,
): Promise<Written> {
  const list = textFile(contentsText(contents));
  const all = [...files].sort(([one], [other]) => comparePaths(one, other));
  const sums = new Map([[CONTENTS_PATH, list.sha256], ...all.map(([path, { sha256 }]) => [path, sha256] as const)]);
  const sources = [[CONTENTS_PATH, list], [SUMS_PATH, textFile(sumsText(sums))], ...all] as const;
  const temporary = nameBeside(file, 'new');
  const hash = createHash('sha256');
  let bytes = 0;
  const forget = onLeave(() => {
    rmSync(temporary, { force: true });
  });
  try {
    await removeAbandoned(file);
    const target = await open(temporary, 'wx', 0o644);
    try {
      for await (const chunk of writeTar(sources.map(([path, each]) => sourceOf(path, each, onFile)))) {
        throwIfStopping();
        hash.update(chunk);
        bytes += chunk.length;
        await target.writeFile(chunk);
      }
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(temporary, file);
    await syncDirectory(dirname(file));
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof Error && 'code' in cause) throw toFileError(cause, file);
    throw cause;
  } finally {
    forget();
  }
  return { bytes, sha256: hash.digest('hex') };
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
