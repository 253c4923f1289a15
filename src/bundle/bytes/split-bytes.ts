import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { chunksOf, openFile, readAt, type BundleBytes } from './bytes.ts';
import { listPath, partFault, type ListedPart } from './part-list.ts';

interface OpenPart extends ListedPart {
  readonly opened: FileHandle;
  /** Where it begins in the whole bundle. */
  readonly at: number;
  readonly bytes: number;
}

/** Those of the parts that are no files. */
export async function missingParts(file: string, parts: readonly ListedPart[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { name } of parts)
    if ((await stat(join(dirname(file), name)).catch(() => null))?.isFile() !== true) missing.push(name);
  return missing;
}

/** A bundle in several files, which are there. Each is summed while it is read. Throws as `toFileError` says. */
export async function bytesOfParts(file: string, parts: readonly ListedPart[]): Promise<BundleBytes> {
  const open: OpenPart[] = [];
  const sums = new Map<string, string>();
  let at = 0;
  for (const part of parts) {
    const opened = await openFile(join(dirname(file), part.name));
    const { size } = await opened.stat();
    open.push({ ...part, opened, at, bytes: size });
    at += size;
  }
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const part of open) yield* summed(part, sums);
  }
  return {
    chunks,
    read: (buffer, from) => readFrom(open, buffer, from),
    faults: async (all) => {
      for (const part of open) {
        const rest = all && !sums.has(part.name) ? summed(part, sums) : null;
        while (rest !== null && (await rest.next()).done !== true);
      }
      return open.flatMap((part) => {
        const sum = sums.get(part.name) ?? part.sha256;
        return sum === part.sha256 ? [] : [partFault(part, sum, parts, basename(listPath(file)))];
      });
    },
    close: async () => {
      for (const { opened } of open) await opened.close();
    },
  };
}

async function* summed(
  { name, opened }: OpenPart,
  sums: Map<string, string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(opened)) {
    hash.update(chunk);
    yield chunk;
  }
  sums.set(name, hash.digest('hex'));
}

async function readFrom(parts: readonly OpenPart[], buffer: Buffer, from: number): Promise<number> {
  const part = parts.findLast((each) => each.at <= from && from < each.at + each.bytes);
  return part === undefined ? 0 : readAt(part.opened, buffer, from - part.at);
}
