import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '../system/file-error.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { chownTree, type Owner } from '../system/owner.ts';
import { hashFile } from './checksums.ts';

/** The list of checksums of a folder, as sha256sum(1) writes and reads it. */
export const SUMS_NAME = 'SHA256SUMS';
/** The signatures of that list that minisign and signify read. */
export const SIGNATURE_SUFFIXES = { minisign: '.minisig', signify: '.sig' } as const;

/** Path → 64 hex digits. */
export type Sums = ReadonlyMap<string, string>;

/** The list and its signatures, which the list cannot hold. */
export function isOfSums(name: string): boolean {
  return name === SUMS_NAME || Object.values(SIGNATURE_SUFFIXES).some((suffix) => name === `${SUMS_NAME}${suffix}`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', r: '\r' };

/** The text of a list, sorted by path. A name with a line break is written as coreutils does (manual, "md5sum invocation"). Pure. */
export function sumsText(sums: Sums): string {
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([path, sum]) => {
      const name = path.replace(/[\\\n\r]/gu, (each) => ESCAPES[each] ?? each);
      return `${name === path ? '' : '\\'}${sum}  ${name}\n`;
    })
    .join('');
}

/** Reads a list; null where a line is none of sha256sum's, or where a path leaves the folder or comes twice. Pure. */
export function parseSums(text: string): Sums | null {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, escaped = '', sum = '', name = ''] = /^(\\?)([0-9a-fA-F]{64}) [ *]([^]+)$/u.exec(line) ?? [];
    const path = escaped === '' ? name : name.replace(/\\(.)/gu, (_, each: string) => ESCAPED[each] ?? each);
    const leaves = path.startsWith('/') || path.split('/').some((part) => ['', '.', '..'].includes(part));
    if (leaves || sums.has(path)) return null;
    sums.set(path, sum.toLowerCase());
  }
  return sums.size === 0 ? null : sums;
}

/** The sums of all files of a folder but the list itself; links and folders are left out. Throws as `toFileError` says. */
export async function sumsOfFolder(dir: string): Promise<Sums> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw toFileError(cause, dir);
  });
  const sums = new Map<string, string>();
  for (const entry of entries)
    if (entry.isFile() && !isOfSums(entry.name)) sums.set(entry.name, await hashFile(join(dir, entry.name)));
  return sums;
}

/** Writes the list into a folder, and returns its text. Throws as `toFileError` says. */
export async function writeSums(dir: string, sums: Sums, owner: Owner | null = null): Promise<string> {
  const path = join(dir, SUMS_NAME);
  const text = sumsText(sums);
  await writeFileAtomic(path, text);
  if (owner !== null) await chownTree(path, owner);
  return text;
}

/** What the list of a folder says, and what does not hold. */
export type CheckedSums =
  | { readonly is: 'none' }
  | { readonly is: 'broken' }
  | {
      readonly is: 'read';
      readonly sums: Sums;
      readonly text: string;
      /** Paths with other bytes, and paths that are no file. */
      readonly changed: readonly string[];
      readonly missing: readonly string[];
      /** Files of the folder that the list does not name. */
      readonly unlisted: readonly string[];
    };

/**
 * Holds the files of a folder against its list. Throws as `toFileError` says.
 *
 * @param only the one path to look at, in a folder where others may lie; without it all of the list and of the folder
 */
export async function checkFolderSums(dir: string, only?: string): Promise<CheckedSums> {
  const text = await sumsTextIn(dir);
  if (text === null) return { is: 'none' };
  const sums = parseSums(text);
  if (sums === null) return { is: 'broken' };
  const changed: string[] = [];
  const missing: string[] = [];
  for (const [path, sum] of sums) {
    if (only !== undefined && path !== only) continue;
    // A link to a neighbour is a name of it, as sha256sum has it.
    const facts = await stat(join(dir, path)).catch(() => null);
    if (facts?.isFile() !== true) missing.push(path);
    else if ((await hashFile(join(dir, path))) !== sum) changed.push(path);
  }
  const there = only === undefined ? (await readdir(dir, { withFileTypes: true })).filter((each) => each.isFile()) : [];
  const names = only === undefined ? there.map(({ name }) => name).sort() : [only];
  return {
    ...{ is: 'read', sums, text, changed, missing },
    unlisted: names.filter((name) => !sums.has(name) && !isOfSums(name)),
  };
}

async function sumsTextIn(dir: string): Promise<string | null> {
  const path = join(dir, SUMS_NAME);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw toFileError(cause, path);
  }
}

/** The digest of a text, in lower-case hex. */
export function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
