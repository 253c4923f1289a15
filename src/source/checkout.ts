import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { gitConfigText, type GitSetting } from '../system/git/git-config.ts';
import type { GitAccess } from '../system/git/git-access.ts';
import { gitIn, runGit } from '../system/git/git.ts';
import { throwIfStopping } from '../system/process/supervisor.ts';

/** `full`: all a build needs. `files`: the few that a scan or patch reads, their blobs fetched one by one. */
export type FetchMode = 'full' | 'files';

/** Written last of all: a checkout that has it is whole. */
export interface CheckoutRecord {
  readonly ref: string;
  readonly commit: string;
  readonly mode: FetchMode;
  /** Where it came from. */
  readonly url: string;
  readonly mirror: string;
}

/** What `loadTree` reads, as patterns of git-sparse-checkout: files at the root, hack/ and the scripts in contrib/. */
const FILES_PATTERNS = ['/*', '!/*/', '/hack/', '/contrib/**/*.sh', '/contrib/*.sh'];

/** `origin` is asked for the blobs that a `files` checkout lacks (partial clone, git-config(1), remote.*.promisor). */
const REPOSITORY_SETTINGS: Readonly<Record<FetchMode, readonly GitSetting[]>> = {
  full: [
    ['core.repositoryFormatVersion', '0'],
    ['core.bare', 'false'],
    ['core.sparseCheckout', 'false'],
  ],
  files: [
    ['core.repositoryFormatVersion', '1'],
    ['core.bare', 'false'],
    ['core.sparseCheckout', 'true'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
  ],
};

/** Where the fetched commit is kept until it is checked. */
export const INCOMING = 'refs/moby-build/incoming';

const RECORD = '.git/moby-build.json';

/** The record of a whole checkout in `dir`, or null when there is none, or none that can be read. */
export async function readRecord(dir: string): Promise<CheckoutRecord | null> {
  if (!existsSync(join(dir, RECORD))) return null;
  const text = await readFile(join(dir, RECORD), 'utf8');
  const fields = ['ref', 'commit', 'mode', 'url', 'mirror'] as const;
  try {
    const parsed = JSON.parse(text) as Partial<CheckoutRecord> | null;
    return fields.every((field) => typeof parsed?.[field] === 'string') ? (parsed as CheckoutRecord) : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

export async function writeRecord(dir: string, record: CheckoutRecord): Promise<void> {
  await writeFileAtomic(join(dir, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/** Whom a repository of ours fetches from, and under which name that server is told of. */
export interface Origin {
  readonly url: string;
  readonly mirror: string;
}

/** Our own key beside `remote.origin.url`; git passes over it. */
const MIRROR_KEY = 'remote.origin.mobyBuildMirror';

/**
 * Makes `dir` an empty repository of ours with this `origin`, or takes up the one that a killed run left there; what
 * lies there and is no repository is thrown away.
 */
export async function prepareRepository(dir: string, { url, mirror }: Origin, mode: FetchMode): Promise<void> {
  if (existsSync(join(dir, '.git'))) {
    await removeLocks(dir);
    const { exitCode } = await runGit(dir, ['rev-parse', '--git-dir'], { allowFailure: true });
    if (exitCode !== 0) await rm(dir, { recursive: true, force: true });
  }
  await makeFolders(dir);
  await gitIn(dir).raw('init', '--quiet');
  await writeSettings(dir, { url, mirror }, mode);
}

/** Writes the whole configuration of a repository of ours: at once, as each `git config` is a process. */
async function writeSettings(dir: string, { url, mirror }: Origin, mode: FetchMode): Promise<void> {
  const origin: readonly GitSetting[] = [
    ['remote.origin.url', url],
    [MIRROR_KEY, mirror],
  ];
  await writeFile(join(dir, '.git/config'), gitConfigText([...REPOSITORY_SETTINGS[mode], ...origin]));
}

/** Who served the commit to a run that was killed before it was checked out; null where it has not come. */
export async function arrivedFrom(dir: string, commit: string): Promise<Origin | null> {
  if (!existsSync(join(dir, '.git')) || (await fetchedCommit(dir)) !== commit) return null;
  const [url, mirror] = await Promise.all([setting(dir, 'remote.origin.url'), setting(dir, MIRROR_KEY)]);
  return url === '' || mirror === '' ? null : { url, mirror };
}

async function setting(dir: string, name: string): Promise<string> {
  const { stdout } = await runGit(dir, ['config', '--local', '--get', name], { allowFailure: true });
  return stdout.replace(/\n$/, '');
}

/**
 * The commit that was fetched (a tag is peeled), or null when nothing was or an object of it is missing. A repository that a
 * kill left half-written counts as nothing fetched.
 */
export async function fetchedCommit(dir: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(dir, ['rev-parse', '--verify', '--quiet', `${INCOMING}^{commit}`], {
    allowFailure: true,
  });
  return exitCode === 0 ? stdout.trim() : null;
}

/** What git said on stderr, and whether it was ended because it fell silent. */
export interface FailedCheckout {
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface CheckOutOptions {
  /** How this run's gits reach the origin. */
  readonly access: GitAccess;
  readonly onLine?: (line: string) => void;
  readonly idleTimeoutMs?: number;
}

/**
 * Makes the work tree that of `commit`, exactly: changes undone, other files removed (ignored ones too). Also after a kill. What its
 * configuration has come to meanwhile does not count. In mode `files` it fetches the blobs it lacks from `origin`; else it asks nobody.
 *
 * @returns what git said where it failed, else null. Throws `interrupted`.
 */
export async function checkOut(
  dir: string,
  commit: string,
  mode: FetchMode,
  origin: Origin,
  options: CheckOutOptions,
): Promise<FailedCheckout | null> {
  throwIfStopping();
  const git = gitIn(dir);
  await removeLocks(dir);
  await writeSettings(dir, origin, mode);
  await rm(join(dir, '.git/info/attributes'), { force: true });
  if (mode === 'files') {
    await makeFolders(join(dir, '.git/info'));
    await writeFile(join(dir, '.git/info/sparse-checkout'), `${FILES_PATTERNS.join('\n')}\n`);
  }
  await git.raw('update-ref', '--no-deref', 'HEAD', commit);
  const { exitCode, stderr, timedOut } = await runGit(dir, ['read-tree', '--reset', '-u', '-v', commit], {
    onLine: (line) => options.onLine?.(line),
    ...(mode === 'files' ? { remote: { access: options.access, url: origin.url } } : {}),
    ...(options.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: options.idleTimeoutMs }),
    allowFailure: true,
  });
  if (exitCode !== 0 || timedOut) return { stderr, timedOut };
  await git.raw('clean', '-ffdxq');
  return null;
}

/** Gives the tag its name in the repository, so that git and moby's scripts find it there. */
export async function nameTag(dir: string, ref: string): Promise<void> {
  await gitIn(dir).raw('update-ref', `refs/tags/${ref}`, INCOMING);
}

/**
 * A git that was killed leaves its locks, of refs too (`refs/moby-build/incoming.lock`); this repository is ours alone, so nobody holds them.
 */
async function removeLocks(dir: string): Promise<void> {
  const root = join(dir, '.git');
  for (const folder of [root, join(root, 'refs')].filter((path) => existsSync(path))) {
    for (const name of await readdir(folder, { recursive: folder !== root }))
      if (name.endsWith('.lock')) await rm(join(folder, name), { force: true });
  }
}
