import { createHash } from 'node:crypto';
import {
  CONTENTS_PATH,
  contentsFaults,
  LAYOUT_FILES,
  leftOutOf,
  MOST_BYTES_OF_LIST,
  parseContents,
  SUMS_PATH,
  type Contents,
} from '../format/contents.ts';
import { BundleFault } from '../format/header.ts';
import type { TarEntry } from '../format/read-tar.ts';
import { comparePaths, parseSums, type Sums } from '../format/sums.ts';
import { blobOf, imageFaults, type Blobs } from './images.ts';

/** Manifests and configurations are far smaller; layers are no text. */
const MOST_BYTES_OF_MANIFEST = 4 * 1024 * 1024;

export interface Verified {
  readonly contents: Contents;
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
  /** One sentence each; empty: every file is as it was written, and every object is whole, as far as it is not left to an older bundle. */
  readonly faults: readonly string[];
  readonly seen: SeenFiles;
}

/** The files of a bundle, all of which were read. */
export interface SeenFiles {
  /** Path → bytes */
  readonly sizes: ReadonlyMap<string, number>;
  readonly sums: Sums;
  readonly blobs: Blobs;
}

/** What one reading collects. */
interface Seen extends SeenFiles {
  readonly sizes: Map<string, number>;
  readonly faults: string[];
  readonly blobs: { readonly sizes: Map<string, number>; readonly texts: Map<string, string> };
}

/**
 * Reads `bundle.json`, which comes first; what follows is left.
 *
 * @throws BundleFault where the file does not begin as a bundle does
 */
export async function readContents(entries: AsyncGenerator<TarEntry, void, undefined>): Promise<Contents> {
  try {
    return parseContents((await readList(entries, CONTENTS_PATH)).text);
  } finally {
    await entries.return(undefined);
  }
}

/**
 * Reads a bundle once, from its first byte to its last, and unpacks nothing: each file's SHA-256, each blob's own name, that nothing is missing
 * and nothing added, and that each image is whole.
 *
 * @param onFile told of each file before it is read
 * @throws BundleFault where the file is no bundle, is cut, or holds what no bundle holds (links, `..`, a name twice)
 */
export async function verifyBundle(
  entries: AsyncGenerator<TarEntry, void, undefined>,
  onFile: (path: string) => void,
): Promise<Verified> {
  try {
    const first = await readList(entries, CONTENTS_PATH);
    const second = await readList(entries, SUMS_PATH);
    const contents = parseContents(first.text);
    const sums = parseSums(second.text);
    const seen: Seen = { sizes: new Map(), sums, faults: [], blobs: { sizes: new Map(), texts: new Map() } };
    judgeSum(CONTENTS_PATH, first.sha256, sums, seen);
    let last = '';
    for await (const entry of entries) {
      requireOrder(entry.path, last, seen);
      last = entry.path;
      onFile(entry.path);
      await readFile(entry, sums, seen);
    }
    const bytes = [...seen.sizes.values()].reduce((sum, each) => sum + each, first.bytes + second.bytes);
    const own = [...seen.faults, ...missing(sums, seen), ...contentsFaults(contents), ...notOwned(contents, seen)];
    const faults = [...own, ...objectFaults(contents, seen, leftOutOf(contents))];
    return { contents, files: seen.sizes.size + 2, bytes, faults, seen };
  } finally {
    await entries.return(undefined);
  }
}

/** The next file, which must be this list, in memory. */
async function readList(
  entries: AsyncGenerator<TarEntry, void, undefined>,
  path: string,
): Promise<{ readonly text: string; readonly sha256: string; readonly bytes: number }> {
  const { value } = await entries.next();
  if (value?.path !== path)
    throw new BundleFault(`it has ${value === undefined ? 'nothing' : value.path} where ${path} belongs`);
  if (value.bytes > MOST_BYTES_OF_LIST) throw new BundleFault(`${path} has ${String(value.bytes)} bytes, far too many`);
  const parts: Uint8Array[] = [];
  for await (const chunk of value.body) parts.push(chunk);
  const text = Buffer.concat(parts);
  return {
    text: text.toString('utf8'),
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes: value.bytes,
  };
}

/** One order, so that one set of files has one form; and no name twice, of which tools would take one or the other. */
function requireOrder(path: string, last: string, { sizes }: Seen): void {
  if (sizes.has(path) || path === CONTENTS_PATH || path === SUMS_PATH) throw new BundleFault(`${path} is in it twice`);
  if (comparePaths(last, path) > 0) throw new BundleFault(`${path} is not in its place: the files are not sorted`);
}

async function readFile({ path, bytes, body }: TarEntry, sums: Sums, seen: Seen): Promise<void> {
  const blob = blobOf(path);
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  const keeps = blob !== null && bytes <= MOST_BYTES_OF_MANIFEST;
  let start: number | undefined;
  for await (const chunk of body) {
    start ??= chunk[0];
    hash.update(chunk);
    if (keeps && start === OPENING_BRACE) kept.push(chunk);
  }
  const sha256 = hash.digest('hex');
  seen.sizes.set(path, bytes);
  judgeSum(path, sha256, sums, seen);
  if (blob === null) return;
  if (blob !== sha256) seen.faults.push(`${path} is not what its name says: its SHA-256 is ${sha256}`);
  seen.blobs.sizes.set(blob, bytes);
  if (kept.length > 0) seen.blobs.texts.set(blob, Buffer.concat(kept).toString('utf8'));
}

/** `{` */
const OPENING_BRACE = 0x7b;

function judgeSum(path: string, sha256: string, sums: Sums, { faults }: Seen): void {
  const sum = sums.get(path);
  if (sum === undefined) faults.push(`${path} is not listed in ${SUMS_PATH}`);
  else if (sum !== sha256) faults.push(`${path} is damaged: its SHA-256 is ${sha256}, and ${SUMS_PATH} says ${sum}`);
}

function missing(sums: Sums, { sizes }: Seen): readonly string[] {
  return [...sums.keys()]
    .filter((path) => path !== CONTENTS_PATH && !sizes.has(path))
    .map((path) => `${path} is missing`);
}

/** Each file has an object, and none is both here and left to an older bundle. */
function notOwned(contents: Contents, { sizes }: SeenFiles): readonly string[] {
  const owned = new Set([...LAYOUT_FILES, ...contents.objects.flatMap(({ files }) => files)]);
  const left = leftOutOf(contents);
  return [...sizes.keys()].flatMap((path) => [
    ...(owned.has(path) ? [] : [`${path} belongs to no object`]),
    ...(left.has(path) ? [`${path} is in it, and left to an older bundle`] : []),
  ]);
}

/**
 * Whether each object has its files in its size, and each image all that its manifests name. Pure.
 *
 * @param leftOut what is not here: its size is believed, and what a manifest among it names is not looked at
 */
export function objectFaults(
  { objects }: Contents,
  { sizes, blobs }: SeenFiles,
  leftOut: ReadonlyMap<string, { readonly bytes: number }>,
): readonly string[] {
  const sizeOf = (path: string): number | undefined => sizes.get(path) ?? leftOut.get(path)?.bytes;
  const elsewhere = new Map(
    [...leftOut].flatMap(([path, { bytes }]) => {
      const blob = blobOf(path);
      return blob === null ? [] : [[blob, bytes] as const];
    }),
  );
  return objects.flatMap((object) => {
    const { kind, name, files, bytes } = object;
    const absent = files.filter((file) => sizeOf(file) === undefined);
    if (absent.length > 0) return absent.map((file) => `${kind} ${name}: ${file} is missing`);
    const there = files.reduce((sum, file) => sum + (sizeOf(file) ?? 0), 0);
    const size =
      there === bytes ? [] : [`${kind} ${name} has ${String(there)} bytes, and ${CONTENTS_PATH} says ${String(bytes)}`];
    return [...size, ...(kind === 'image' ? imageFaults(object, { ...blobs, elsewhere }) : [])];
  });
}
