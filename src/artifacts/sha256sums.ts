import { createHash } from 'node:crypto';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { toFileError } from '../system/file-error.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { bytesIfThere } from '../system/files/if-there.ts';
import { chownTree, type Owner } from '../system/owner.ts';
import { hashFile } from './checksums.ts';

/** The list of checksums of a folder, as sha256sum(1) writes and reads it. */
export const SUMS_NAME = 'SHA256SUMS';
/** The signatures of that list that minisign, signify and cosign read. */
export const SIGNATURE_SUFFIXES = { minisign: '.minisig', signify: '.sig', cosign: '.sigstore.json' } as const;

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
    if (escaped !== '' && !/^(?:[^\\]|\\[\\nr])*$/u.test(name)) return null;
    const path = escaped === '' ? name : name.replace(/\\(.)/gu, (_, each: string) => ESCAPED[each] ?? each);
    const leaves = path.split('/').some((part) => ['', '.', '..'].includes(part));
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
      /** The list itself, as a signature is over it. */
      readonly bytes: Uint8Array;
      /** Paths with other bytes, paths that are no file, and paths that a link leads out of the folder. */
      readonly changed: readonly string[];
      readonly missing: readonly string[];
      readonly outside: readonly string[];
      /** Whatever else lies in the folder; of a folder in it with nothing listed the name alone, with a slash. */
      readonly unlisted: readonly string[];
    };

/**
 * Holds the files of a folder against its list. Throws as `toFileError` says.
 *
 * @param only the one path to look at, in a folder where others may lie; without it all of the list and of the folder
 */
export async function checkFolderSums(dir: string, only?: string): Promise<CheckedSums> {
  const bytes = await bytesIfThere(join(dir, SUMS_NAME));
  if (bytes === null) return { is: 'none' };
  const sums = parseSums(bytes.toString('utf8'));
  if (sums === null) return { is: 'broken' };
  const wrong = { changed: [] as string[], missing: [] as string[], outside: [] as string[] };
  for (const [path, sum] of sums) {
    if (only !== undefined && path !== only) continue;
    const is = await stateOf(dir, path, sum);
    if (is !== 'whole') wrong[is].push(path);
  }
  const unlisted = only === undefined ? await unlistedBelow(dir, sums, '') : sums.has(only) ? [] : [only];
  return { is: 'read', sums, bytes, ...wrong, unlisted };
}

/** A link to a neighbour is a name of it, as sha256sum has it. Where one leads elsewhere, nobody says that the bytes stay as they are. */
async function stateOf(dir: string, path: string, sum: string): Promise<'whole' | 'changed' | 'missing' | 'outside'> {
  const real = await realpath(join(dir, path)).catch(() => null);
  const facts = real === null ? null : await stat(real).catch(() => null);
  if (real === null || facts?.isFile() !== true) return 'missing';
  if (!real.startsWith(`${await realpath(dir)}${sep}`)) return 'outside';
  return (await hashFile(real)) === sum ? 'whole' : 'changed';
}

/** @param under the folder in it, with a slash, or nothing */
async function unlistedBelow(dir: string, sums: Sums, under: string): Promise<readonly string[]> {
  const entries = await readdir(join(dir, under), { withFileTypes: true }).catch((cause: unknown) => {
    throw toFileError(cause, dir);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${under}${entry.name}`;
    if (sums.has(path) || isOfSums(path)) continue;
    if (entry.isDirectory()) {
      const below = `${path}/`;
      const named = [...sums.keys()].some((each) => each.startsWith(below));
      found.push(...(named ? await unlistedBelow(dir, sums, below) : [below]));
    } else if (!entry.isSymbolicLink() || !sums.has(`${under}${await readlink(join(dir, path))}`)) found.push(path);
  }
  return found.sort();
}

/** The digest of a text, in lower-case hex. */
export function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
