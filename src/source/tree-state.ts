import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { blobId, type TreeEntry } from '../system/files/tree-id.ts';
import { quoteWord } from '../system/command-line.ts';
import type { Note } from '../types.ts';

/*
 * What happens to a tree on its way through archives, shared folders and other systems, and stops a build hours later: seen here, before
 * anything is fetched, with the command that mends it.
 */

/** Scripts that the trees start by their path, so by their execute bit (Dockerfile and Makefile, v19.03.0 to docker-v29.7.2). */
const STARTED = ['hack/make.sh', 'hack/dockerfile/install/install.sh', 'hack/with-go-mod.sh', 'hack/dockerfile/cli.sh'];

/** Files that no shell or make reads with carriage returns; scripts are added to them. */
const READ_BY_MAKE = ['Makefile', 'docker-bake.hcl'];

/** How many paths a note names one by one. */
const NAMED = 3;

/** Bytes at the start of a file in which its line ends are looked for. */
const HEAD_BYTES = 512;

/** Finds all of it, each kind as one note. @param entries the files of `dir`, as `treeEntries` found them */
export function treeFaults(dir: string, entries: ReadonlyMap<string, TreeEntry>): readonly Note[] {
  return [lostBits(dir, entries), carriageReturns(dir, entries), cutVendor(dir, entries)].filter(
    (note) => note !== null,
  );
}

function lostBits(dir: string, entries: ReadonlyMap<string, TreeEntry>): Note | null {
  const lost = STARTED.filter((path) => entries.get(path)?.mode === '100644');
  if (lost.length === 0) return null;
  const at = quoteWord(dir);
  return {
    level: 'warning',
    code: 'execute-bits-lost',
    message: `${dir} has lost execute bits: ${named(lost)} cannot be started, so a build stops with "Permission denied".`,
    hint: `(cd ${at} && find hack -type f -name '*.sh' -exec chmod +x {} +) sets them again.`,
  };
}

function carriageReturns(dir: string, entries: ReadonlyMap<string, TreeEntry>): Note | null {
  const found = [...entries].flatMap(([path, { mode }]) => {
    const script = path.startsWith('hack/') || (path.startsWith('contrib/') && path.endsWith('.sh'));
    if (mode === '120000' || !(script || READ_BY_MAKE.includes(path))) return [];
    const head = startOf(join(dir, path));
    const counts = READ_BY_MAKE.includes(path) || head.startsWith('#!');
    return counts && /\r\n/.test(head) ? [path] : [];
  });
  if (found.length === 0) return null;
  const at = quoteWord(dir);
  const all = [...entries.keys()];
  const places = ['Dockerfile', 'Makefile', 'docker-bake.hcl', 'hack', 'contrib'].filter((place) =>
    all.some((path) => path === place || path.startsWith(`${place}/`)),
  );
  return {
    level: 'warning',
    code: 'carriage-returns',
    message: `${dir} has Windows line ends (CRLF) in ${named(found)}: a build stops with "env: 'bash\\r'".`,
    hint:
      `(cd ${at} && find ${places.join(' ')} -type f -exec sed -i 's/\\r$//' {} +) takes them away; ` +
      'git clone -c core.autocrlf=false makes none.',
  };
}

function startOf(path: string): string {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

/** Vendored packages that the tree's own list names and that are not there. */
function cutVendor(dir: string, entries: ReadonlyMap<string, TreeEntry>): Note | null {
  const list = ['vendor/modules.txt', 'vendor.conf'].find((path) => entries.has(path));
  if (list === undefined) {
    if (!entries.has('vendor.mod')) return null;
    return vendorNote(dir, 'vendor/modules.txt, which vendor.mod stands for, is missing');
  }
  const text = readFileSync(join(dir, list), 'utf8');
  const wanted = list === 'vendor.conf' ? repositoriesOf(text) : packagesOf(text);
  const there = foldersOf(entries);
  const absent = wanted.filter((path) => !there.has(`vendor/${path}`));
  const missing = list === 'vendor.conf' ? importedOf(dir, entries, absent) : absent;
  if (missing.length === 0) return null;
  return vendorNote(
    dir,
    `${String(missing.length)} of the ${String(wanted.length)} packages that ${list} names are missing: ${named(missing)}`,
  );
}

function vendorNote(dir: string, what: string): Note {
  return {
    level: 'warning',
    code: 'vendor-cut',
    message: `${dir}/vendor is not whole: ${what}. dockerd cannot be compiled from it.`,
    hint: `git -C ${quoteWord(dir)} checkout -- vendor brings it back in a clone; an archive has to be unpacked again, whole.`,
  };
}

/** vendor/modules.txt, as `go mod vendor` writes it: `#` starts a module, any other line is a package of it. */
function packagesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
}

/** vendor.conf, as vndr reads it: import path, version, and maybe a repository; `#` starts a comment. */
function repositoriesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [path = ''] = line.replace(/#.*/, '').trim().split(/\s+/);
    return path === '' ? [] : [path];
  });
}

/**
 * The repositories that a Go file of the tree imports: vndr copies no other, so a fork that took out a feature has lines in vendor.conf and no
 * folder for them.
 */
function importedOf(
  dir: string,
  entries: ReadonlyMap<string, TreeEntry>,
  repositories: readonly string[],
): readonly string[] {
  const left = new Set(repositories);
  for (const [path, { mode }] of entries) {
    if (left.size === 0) break;
    if (mode === '120000' || !path.endsWith('.go') || path.endsWith('_test.go')) continue;
    const text = readFileSync(join(dir, path), 'latin1');
    for (const repository of left)
      if (text.includes(`"${repository}"`) || text.includes(`"${repository}/`)) left.delete(repository);
  }
  return repositories.filter((repository) => !left.has(repository));
}

/** Every folder that has a file in it, or below it. */
function foldersOf(entries: ReadonlyMap<string, TreeEntry>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of entries.keys()) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

/** What differs from a commit, by how. */
export interface Differences {
  readonly content: readonly string[];
  /** The same bytes, with another execute bit. */
  readonly bits: readonly string[];
  /** The same text, with other line ends. */
  readonly lineEnds: readonly string[];
}

/** Sorts the paths that differ. @param committed the commit's entries, by path */
export function sortDifferences(
  dir: string,
  changed: readonly string[],
  here: ReadonlyMap<string, TreeEntry>,
  committed: ReadonlyMap<string, { readonly mode: string; readonly id: string }>,
): Differences {
  const sorted = { content: [] as string[], bits: [] as string[], lineEnds: [] as string[] };
  for (const path of changed) {
    const [now, then] = [here.get(path), committed.get(path)];
    if (now === undefined || then === undefined || now.mode === '120000' || then.mode === '120000')
      sorted.content.push(path);
    else if (now.id === then.id) sorted.bits.push(path);
    else if (sameButLineEnds(join(dir, path), then.id)) sorted.lineEnds.push(path);
    else sorted.content.push(path);
  }
  return sorted;
}

function sameButLineEnds(path: string, id: string): boolean {
  const bytes = readFileSync(path);
  if (!bytes.includes('\r\n')) return false;
  return blobId(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')) === id;
}
