import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { gitConfigText, type GitSetting } from './git-config.ts';
import { makeTempDir } from '../files/temp-dir.ts';

/** A repository of the user's, as git may read it. */
export interface RepositoryView {
  /** A bare repository of ours in the temporary directory: git runs here, and never in the user's own. */
  readonly dir: string;
  /** The user's repository is a bare one. */
  readonly bare: boolean;
  /** The user's own objects. Absolute. */
  readonly objects: string;
  /** The user's own list of commits without parents (gitrepository-layout(5), shallow); null where there is none. Absolute. */
  readonly shallow: string | null;
  /** Removes the view. Harmless when it is gone. */
  readonly remove: () => void;
}

/** The view's whole configuration. What a clone of it may ask for: also a single commit, also without its blobs. */
export const SETTINGS: readonly GitSetting[] = [
  ['core.repositoryFormatVersion', '0'],
  ['core.bare', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['uploadpack.allowFilter', 'true'],
];

/** git's newer way to keep refs, which it must be told of (git-init(1), --ref-format). */
const REFTABLE_SETTINGS: readonly GitSetting[] = [
  ['core.repositoryFormatVersion', '1'],
  ['extensions.refStorage', 'reftable'],
];

/** A file of one line that git reads: HEAD, `.git`, `commondir`. */
const LINE_BYTES = 64 * 1024;

/**
 * Lets git read a repository that may belong to anybody. git obeys the configuration of the repository that it runs in: programs
 * (`uploadpack` of a promisor remote, monitors, filters, helpers, includes), other directories, fetches of missing objects. So it runs in
 * another one, whose configuration is ours and which has links to the user's objects and refs. Nothing else of theirs is looked
 * at: no config, hooks, index, attributes, grafts. Other repositories' objects that theirs borrows (objects/info/alternates) are read.
 *
 * @param dir a work tree (also a linked one: `.git` is a file) or a bare repository; a repository around it does not count
 * @returns null where there is no repository. Throws as `makeTempDir` does.
 */
export function viewRepository(dir: string): RepositoryView | null {
  const found = findGitDir(dir);
  if (found === null) return null;
  const common = commonDir(found.gitDir);
  const head = headText(join(found.gitDir, 'HEAD'));
  const objects = realDirectory(join(common, 'objects'));
  const refs = realDirectory(join(common, 'refs'));
  if (head === null || objects === null || refs === null) return null;

  const temp = makeTempDir('view');
  const link = (target: string | null, name: string): void => {
    if (target !== null) symlinkSync(target, join(temp.path, name));
  };
  const reftable = realDirectory(join(common, 'reftable'));
  const shallow = realFile(join(common, 'shallow'));
  writeFileSync(join(temp.path, 'HEAD'), head);
  writeFileSync(
    join(temp.path, 'config'),
    gitConfigText(reftable === null ? SETTINGS : [...SETTINGS, ...REFTABLE_SETTINGS]),
  );
  mkdirSync(join(temp.path, 'info'));
  link(objects, 'objects');
  link(refs, 'refs');
  link(reftable, 'reftable');
  link(realFile(join(common, 'packed-refs')), 'packed-refs');
  link(shallow, 'shallow');
  return { dir: temp.path, bare: found.bare, objects, shallow, remove: temp.remove };
}

/** Gives the view of a repository to `use` and removes it afterwards; null where there is no repository. */
export async function withView<T>(dir: string, use: (view: RepositoryView | null) => Promise<T>): Promise<T> {
  const view = viewRepository(dir);
  try {
    return await use(view);
  } finally {
    view?.remove();
  }
}

function findGitDir(dir: string): { readonly gitDir: string; readonly bare: boolean } | null {
  const inside = join(dir, '.git');
  if (lstatSync(inside, { throwIfNoEntry: false }) === undefined) return { gitDir: dir, bare: true };
  const folder = realDirectory(inside);
  if (folder !== null) return { gitDir: folder, bare: false };
  // gitrepository-layout(5): of a linked work tree and of a submodule it is a file.
  const linked = lineOf(inside)?.match(/^gitdir: (.+)$/u)?.[1];
  const gitDir = linked === undefined ? null : realDirectory(isAbsolute(linked) ? linked : resolve(dir, linked));
  return gitDir === null ? null : { gitDir, bare: false };
}

/** gitrepository-layout(5), commondir: where a linked work tree has its objects and refs. */
function commonDir(gitDir: string): string {
  const named = lineOf(join(gitDir, 'commondir'));
  return named === null ? gitDir : resolve(gitDir, named);
}

/** HEAD as a text, also where it is a link, as very old ones are; null where it is no HEAD. */
function headText(path: string): string | null {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  const text = facts.isSymbolicLink() ? `ref: ${readlinkSync(path)}` : lineOf(path);
  return text !== null && /^(?:ref:\s*refs\/\S+|[0-9a-f]{40})$/u.test(text) ? `${text}\n` : null;
}

/** The only line of a regular file (a pipe would be waited for without end), or null. */
function lineOf(path: string): string | null {
  const file = realFile(path);
  if (file === null || statSync(file).size > LINE_BYTES) return null;
  const text = readFileSync(file, 'utf8').replace(/[\r\n]+$/u, '');
  // A path of several lines would be several paths in the list of borrowed objects
  return text === '' || /[\u0000-\u001f]/u.test(text) ? null : text;
}

function realDirectory(path: string): string | null {
  return realOf(path, (facts) => facts.isDirectory());
}

function realFile(path: string): string | null {
  return realOf(path, (facts) => facts.isFile());
}

/** The path without links, or null where it is not there, may not be reached, or is something else. */
function realOf(
  path: string,
  isRight: (facts: { isDirectory(): boolean; isFile(): boolean }) => boolean,
): string | null {
  try {
    const real = realpathSync(path);
    // As above.
    return isRight(statSync(real)) && !/[\u0000-\u001f]/u.test(real) ? real : null;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return null;
    throw cause;
  }
}

/** The repository that git means by a path of a `file:` URL or a plain path: itself, or with `.git` behind (git-clone(1)). */
export function viewOfPath(path: string): RepositoryView | null {
  return viewRepository(path) ?? (basename(path).endsWith('.git') ? null : viewRepository(`${path}.git`));
}
