import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toFileError } from '../file-error.ts';

export interface TreeEntry {
  readonly mode: '100644' | '100755' | '120000';
  /** git's blob id: what `git hash-object --no-filters` says. */
  readonly id: string;
}

/** What make itself puts into a tree; never part of its source. `.git` is not a part of any git tree. */
const NOT_SOURCE: ReadonlySet<string> = new Set(['.git', 'bundles', 'autogen']);

/**
 * Every file and symlink below `dir` with its git mode and blob id, by path; ignore rules and attributes do not count, so
 * the result depends on names, bytes and x bits only. Top-level `.git`, `bundles` and `autogen` are left out, and so are
 * sockets and other things that git cannot hold.
 *
 * Computed here (gitformat: `blob LENGTH NUL BYTES`, SHA-1) rather than by `git add`, which would obey the attributes and
 * filters of a repository that is not ours and write objects into it. Throws as `toFileError` says.
 */
export async function treeEntries(dir: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  try {
    await collect(dir, '', entries);
  } catch (cause) {
    throw toFileError(cause, dir);
  }
  return entries;
}

/** Synchronous inside a directory: ten thousand small files take half a second so, and three through the thread pool. */
async function collect(dir: string, at: string, entries: Map<string, TreeEntry>): Promise<void> {
  await nextTurn();
  for (const entry of readdirSync(join(dir, at), { withFileTypes: true })) {
    if (at === '' && NOT_SOURCE.has(entry.name)) continue;
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    const full = join(dir, path);
    if (entry.isDirectory()) await collect(dir, path, entries);
    else if (entry.isSymbolicLink()) {
      entries.set(path, { mode: '120000', id: blobId(readlinkSync(full, 'buffer')) });
    } else if (entry.isFile()) {
      const executable = (lstatSync(full).mode & 0o100) !== 0;
      entries.set(path, { mode: executable ? '100755' : '100644', id: blobId(readFileSync(full)) });
    }
  }
}

/** The git tree id (40 hex digits) of what `treeEntries` found: equal to `git write-tree` after adding just these files. */
export async function treeId(dir: string): Promise<string> {
  return treeIdOf(await treeEntries(dir));
}

/** git-mktree: entries ordered by name, a directory's name counting as if it ended in `/`; `MODE SP NAME NUL BINARY-ID`. */
export function treeIdOf(entries: ReadonlyMap<string, TreeEntry>): string {
  const here = new Map<string, TreeEntry | Map<string, TreeEntry>>();
  for (const [path, entry] of entries) {
    const slash = path.indexOf('/');
    if (slash === -1) here.set(path, entry);
    else {
      const name = path.slice(0, slash);
      const below = here.get(name);
      const map = below instanceof Map ? below : new Map<string, TreeEntry>();
      map.set(path.slice(slash + 1), entry);
      here.set(name, map);
    }
  }
  const rows = [...here].map(([name, value]) => {
    const isTree = value instanceof Map;
    const row = { mode: isTree ? '40000' : value.mode, id: isTree ? treeIdOf(value) : value.id };
    return { ...row, name: Buffer.from(name), order: Buffer.from(isTree ? `${name}/` : name) };
  });
  rows.sort((a, b) => Buffer.compare(a.order, b.order));
  return objectId(
    'tree',
    Buffer.concat(
      rows.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} `), name, Buffer.of(0), Buffer.from(id, 'hex')]),
    ),
  );
}

export function blobId(bytes: Uint8Array): string {
  return objectId('blob', bytes);
}

function objectId(type: 'blob' | 'tree', bytes: Uint8Array): string {
  return createHash('sha1')
    .update(`${type} ${String(bytes.byteLength)}\0`)
    .update(bytes)
    .digest('hex');
}
