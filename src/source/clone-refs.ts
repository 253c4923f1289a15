import { statSync } from 'node:fs';
import semver from 'semver';
import { EXIT, MobyBuildError } from '../errors.ts';
import { commandLine } from '../system/command-line.ts';
import { runGit } from '../system/git.ts';
import { versionOfRef } from './series.ts';

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
  await requireClone(dir);
  const { stdout } = await runGit(dir, [
    'for-each-ref',
    '--format=%(refname:strip=2) %(objecttype) %(objectname) %(*objecttype) %(*objectname)',
    `refs/tags/${pattern}`,
  ]);
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
  await requireClone(dir);
  for (const name of [`refs/tags/${ref}`, ref]) {
    const { stdout, exitCode } = await runGit(
      dir,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      { allowFailure: true },
    );
    const commit = /[0-9a-f]{40,64}$/.exec(stdout.trim())?.[0];
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

/** Whether the directory is a repository itself: a bare one, or with a `.git`. One around it does not count. */
export async function isBareClone(dir: string): Promise<boolean> {
  if (!isDirectory(dir)) return false;
  const { stdout, exitCode } = await runGit(dir, ['rev-parse', '--is-bare-repository'], { allowFailure: true });
  return exitCode === 0 && stdout.trim() === 'true';
}

async function requireClone(dir: string): Promise<void> {
  if (isDirectory(dir)) {
    const { exitCode } = await runGit(dir, ['rev-parse', '--git-dir'], { allowFailure: true });
    if (exitCode === 0) return;
  }
  throw new MobyBuildError({
    code: 'not-a-clone',
    exitCode: EXIT.tree,
    message: isDirectory(dir) ? `${dir} is no git repository.` : `${dir} is no directory.`,
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
