import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StoredFile } from './record.ts';

/** The record's own name; it is no part of what it lists. */
export const RECORD_NAME = 'moby-build.json';

/** Every file below `dir` but the record, with its size and checksum, ordered by path. */
export async function listFiles(dir: string): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  for (const path of await pathsIn(dir)) {
    const full = join(dir, path);
    files.push({ path, bytes: (await stat(full)).size, sha256: await fileSum(full) });
  }
  return files;
}

/** Bytes of all of them together; nothing is read. */
export async function sizeOfFiles(dir: string): Promise<number> {
  let bytes = 0;
  for (const path of await pathsIn(dir)) bytes += (await stat(join(dir, path))).size;
  return bytes;
}

async function pathsIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((path) => path !== RECORD_NAME)
    .sort();
}

async function fileSum(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** What is there and what was recorded, compared: one sentence for each difference. Pure. */
export function differences(here: readonly StoredFile[], recorded: readonly StoredFile[]): readonly string[] {
  const left = new Map(here.map((file) => [file.path, file]));
  const problems = recorded.flatMap(({ path, bytes, sha256 }) => {
    const file = left.get(path);
    left.delete(path);
    if (file === undefined) return [`${path} is missing`];
    if (file.bytes !== bytes) return [`${path} has ${String(file.bytes)} bytes, not ${String(bytes)}`];
    return file.sha256 === sha256 ? [] : [`${path} has other bytes`];
  });
  return [...problems, ...[...left.keys()].map((path) => `${path} is no part of it`)];
}
