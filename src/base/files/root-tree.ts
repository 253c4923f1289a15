import type { FileEntry } from './tar-entries.ts';

/** The folders of / that lie below /usr, and of which / has symlinks: so does every system of Debian today, and new ones since buster. */
const MERGED = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libo32', 'libx32'];

/**
 * The files of several packages in one tree, as they would lie after dpkg has unpacked them, but for /bin, /sbin and /lib, which lead into /usr. A file
 * that a later package has again takes the place of the earlier one. Sorted, so that each folder comes before what is in it. Pure.
 *
 * @param packages the files of each package
 * @param own files that no package has
 */
export function rootTree(packages: Iterable<Iterable<FileEntry>>, own: readonly FileEntry[]): readonly FileEntry[] {
  const tree = new Map<string, FileEntry>();
  for (const entries of packages) {
    for (const entry of entries) {
      if (entry.path === '') continue;
      const [first = ''] = entry.path.split('/');
      const path = merged(entry.path);
      if (MERGED.includes(first)) tree.set(first, folderLink(entry, first));
      if (path === `usr/${first}` && entry.type !== 'folder') continue;
      add(tree, { ...entry, path, link: entry.type === 'hard-link' ? merged(entry.link) : entry.link });
    }
  }
  for (const entry of own) add(tree, entry);
  // A link to another file of the tree comes after it.
  const paths = [...tree.keys()].sort();
  const all = paths.flatMap((path) => tree.get(path) ?? []);
  return [...all.filter(({ type }) => type !== 'hard-link'), ...all.filter(({ type }) => type === 'hard-link')];
}

function add(tree: Map<string, FileEntry>, entry: FileEntry): void {
  // A folder of one package is a link of another: the link is what was meant (base-files has /var/run so).
  if (entry.type === 'folder' && tree.get(entry.path)?.type === 'link') return;
  const parts = entry.path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    if (!tree.has(folder)) tree.set(folder, { ...entry, ...FOLDER, path: folder });
  }
  tree.set(entry.path, entry);
}

const FOLDER = { type: 'folder', mode: 0o755, uid: 0, gid: 0, link: '', data: new Uint8Array() } as const;

function merged(path: string): string {
  const [first = ''] = path.split('/');
  return MERGED.includes(first) ? `usr/${path}` : path;
}

function folderLink({ time }: FileEntry, path: string): FileEntry {
  return { ...FOLDER, path, time, type: 'link', mode: 0o777, link: `usr/${path}` };
}
