import { statSync } from 'node:fs';
import semver from 'semver';
import { EXIT, MobyBuildError } from '../errors.ts';
import { commandLine } from '../system/command-line.ts';
import { runGit } from '../system/git/git.ts';
import { withView } from '../system/git/git-view.ts';
import { versionOfRef } from '../moby/series.ts';

/** A ref of a local clone, with the commit that it peels to. */
export interface CloneRef {
  readonly ref: string;
  readonly commit: string;
}

/**
 * The tags of a clone that a pattern names (`*` and `?` stop at a slash, as in git-for-each-ref(1)), oldest version first, other names behind.
 *
 * Throws MobyBuildError: `not-a-clone` (4), `no-such-tag` (2).
 */
export async function tagsOf(dir: string, pattern: string): Promise<readonly CloneRef[]> {
  const { stdout } = await inClone(dir, (view) =>
    runGit(view, [
      'for-each-ref',
      '--format=%(refname:strip=2) %(objecttype) %(objectname) %(*objecttype) %(*objectname)',
      `refs/tags/${pattern}`,
    ]),
  );
  const found = stdout.split('\n').flatMap((line): CloneRef[] => {
    const [ref = '', type, id = '', peeledType, peeled = ''] = line.split(' ');
    if (type === 'commit') return [{ ref, commit: id }];
    return peeledType === 'commit' ? [{ ref, commit: peeled }] : [];
  });
  if (found.length > 0) return found.sort(byVersion);
  throw new MobyBuildError({
    code: 'no-such-tag',
    exitCode: EXIT.usage,
    message: `${dir} has no tag that ${JSON.stringify(pattern)} names.`,
    where: '--tags',
    hint: 'The pattern names whole tags: v20.10.* and docker-v29.* are two families.',
    command: commandLine({ file: 'git', args: ['-C', dir, 'tag', '--list'] }),
  });
}

/**
 * The commit of a tag, branch or commit id in a clone.
 *
 * Throws MobyBuildError: `not-a-clone` (4), `unknown-ref` (2).
 */
export async function findRef(dir: string, ref: string): Promise<CloneRef> {
  for (const name of [`refs/tags/${ref}`, ref]) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const { stdout, exitCode } = await inClone(dir, (view) => runGit(view, args, { allowFailure: true }));
    const commit = /[0-9a-f]{40}$/.exec(stdout.trim())?.[0];
    if (exitCode === 0 && commit !== undefined) return { ref, commit };
  }
  throw new MobyBuildError({
    code: 'unknown-ref',
    exitCode: EXIT.usage,
    message: `${dir} has no tag, branch or commit ${ref}.`,
    where: `--ref ${ref}`,
    hint: 'A shallow clone has few tags; git fetch --tags brings the others.',
    command: commandLine({ file: 'git', args: ['-C', dir, 'tag', '--list', `${ref.slice(0, 4)}*`] }),
  });
}

/** Whether the directory is a bare repository. One around it does not count. */
export async function isBareClone(dir: string): Promise<boolean> {
  return isDirectory(dir) && (await withView(dir, (view) => Promise.resolve(view?.bare === true)));
}

/** Gives a view of the clone to `use`. Throws `not-a-clone` (4). */
async function inClone<T>(dir: string, use: (view: string) => Promise<T>): Promise<T> {
  if (!isDirectory(dir)) throw notAClone(dir, 'no directory');
  return withView(dir, (view) => {
    if (view === null) throw notAClone(dir, 'no git repository');
    return use(view.dir);
  });
}

function notAClone(dir: string, what: string): MobyBuildError {
  return new MobyBuildError({
    code: 'not-a-clone',
    exitCode: EXIT.tree,
    message: `${dir} is ${what}.`,
    where: dir,
    hint: 'Several refs are read from the objects of a clone of moby.',
    command: 'git clone --bare https://github.com/moby/moby',
  });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function byVersion(a: CloneRef, b: CloneRef): number {
  const [left, right] = [versionOfRef(a.ref), versionOfRef(b.ref)];
  if (left !== null && right !== null) return semver.compare(left, right) || (a.ref < b.ref ? -1 : 1);
  if (left === null && right === null) return a.ref < b.ref ? -1 : 1;
  return left === null ? 1 : -1;
}

/**
 * When a commit was made, by its committer's clock: seconds since 1970; null where git cannot tell. Nothing is fetched for it.
 *
 * @param dir a clone, or the view of one
 */
export async function commitTime(dir: string, commit: string): Promise<number | null> {
  const { exitCode, stdout } = await runGit(dir, ['show', '--no-patch', '--format=%ct', commit], {
    allowFailure: true,
  });
  const said = stdout.trim();
  return exitCode === 0 && /^\d+$/u.test(said) ? Number(said) : null;
}
