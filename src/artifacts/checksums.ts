import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '../system/file-error.ts';

export type HashName = 'md5' | 'sha256';

/** The digest of a file, in lower-case hex. Throws as `toFileError` says. */
export async function hashFile(path: string, hash: HashName = 'sha256'): Promise<string> {
  try {
    const digest = createHash(hash);
    for await (const chunk of createReadStream(path)) digest.update(chunk as Uint8Array);
    return digest.digest('hex');
  } catch (cause) {
    throw toFileError(cause, path);
  }
}

/** One line of a checksum file that does not hold. */
export interface BadSum {
  /** `dockerd-20.10.12.sha256` */
  readonly sumFile: string;
  readonly name: string;
  readonly reason: 'differs' | 'missing' | 'unreadable';
}

/**
 * Re-checks the `.md5` and `.sha256` files that moby's scripts leave beside each binary (hack/make/.binary, hash_files).
 * Returns how many lines were checked, and those that do not hold.
 */
export async function checkSums(dir: string): Promise<{ readonly checked: number; readonly bad: readonly BadSum[] }> {
  const names = (
    await readdir(dir).catch((cause: unknown) => {
      throw toFileError(cause, dir);
    })
  ).sort();
  const bad: BadSum[] = [];
  let checked = 0;
  for (const sumFile of names) {
    const hash = /\.(md5|sha256)$/.exec(sumFile)?.[1] as HashName | undefined;
    if (hash === undefined) continue;
    const lines = readSumFile(await readFile(join(dir, sumFile), 'latin1'), hash);
    if (lines.length === 0) bad.push({ sumFile, name: sumFile.slice(0, -hash.length - 1), reason: 'unreadable' });
    for (const { digest, name } of lines) {
      checked += 1;
      if (!names.includes(name)) bad.push({ sumFile, name, reason: 'missing' });
      else if ((await hashFile(join(dir, name), hash)) !== digest) bad.push({ sumFile, name, reason: 'differs' });
    }
  }
  return { checked, bad };
}

/** Lines `DIGEST  NAME` or `DIGEST *NAME`, as md5sum and sha256sum write and read them; none when any line is something else. */
export function readSumFile(text: string, hash: HashName): { digest: string; name: string }[] {
  const length = hash === 'md5' ? 32 : 64;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map((line) => /^([0-9a-fA-F]+) [ *](?!\.{1,2}$)([^/]+)$/.exec(line));
  if (read.some((match) => match?.[1]?.length !== length)) return [];
  return read.map((match) => ({ digest: (match?.[1] ?? '').toLowerCase(), name: match?.[2] ?? '' }));
}
