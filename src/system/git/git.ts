import { noSuchProgram } from '../process/run-failure.ts';
import type { MobyBuildError } from '../../errors.ts';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { GitError, simpleGit, type SimpleGit } from 'simple-git';
import type { GitAccess } from './git-access.ts';
import { localEnvironment, type Environment } from './git-home.ts';
import { run, type RunOptions, type RunResult } from '../process/run.ts';

/** Variables of ours that simple-git must hand on (it drops GIT_* otherwise). */
const HANDED_ON = [
  'GIT_CONFIG_NOSYSTEM',
  'GIT_ATTR_NOSYSTEM',
  'GIT_TERMINAL_PROMPT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_NO_LAZY_FETCH',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OPTIONAL_LOCKS',
  'GIT_CEILING_DIRECTORIES',
];

/** Settings that must win over the repository's own .git/config: on the command line, since the generated .gitconfig is weaker than it. */
const STRONGER_THAN_REPOSITORY = ['core.fsmonitor=false', 'core.hooksPath=/dev/null'];

/*
 * The one way to call git. It runs in repositories of ours only: work dirs, the store, temporary ones, and views of the user's
 * (git-view.ts), whose own configuration it never reads. It reaches no other repository unless the call says which (`remote`).
 */

/**
 * simple-git for local work in one repository (never the network: its abort leaves git-remote-http behind).
 *
 * @param dir a repository of ours, or the view of a user's
 */
export function gitIn(dir: string): SimpleGit {
  const allowed = new Set(HANDED_ON);
  const env = Object.fromEntries(
    Object.entries(within(dir, localEnvironment())).filter(([name]) => !name.startsWith('GIT_') || allowed.has(name)),
  );
  return simpleGit({
    baseDir: dir,
    maxConcurrentProcesses: 1,
    config: STRONGER_THAN_REPOSITORY,
    allowEnvironment: HANDED_ON,
    // Node's exit code of a child that was never there is the negative number of the error; simple-git takes its stack for git's own words.
    errors: (error, { exitCode }) => (exitCode < 0 ? notStarted(dir, getSystemErrorName(exitCode)) : error),
    // We give harmless values where its guard expects hostile ones.
    unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true },
  }).env(env);
}

/** simple-git hands on errors of its own kind only: ours goes with it, as `instead`. */
function notStarted(dir: string, code: string): GitError & { readonly instead: MobyBuildError } {
  const cause = Object.assign(new Error(`spawn git ${code}`), { code });
  const instead = noSuchProgram({ file: 'git', args: [], cwd: dir, env: {} }, { cause, shortMessage: cause.message });
  return Object.assign(new GitError(undefined, instead.message), { instead });
}

/** With a repository around `dir` out of sight: a tree without its own .git must not pass for a part of another one. */
function within(dir: string, environment: Environment): Environment {
  return { ...environment, GIT_CEILING_DIRECTORIES: dirname(realpathSync(dir)) };
}

/** Where a git may go, and as whom. */
export interface Remote {
  readonly access: GitAccess;
  readonly url: string;
}

export type GitOptions = RunOptions & {
  /** The one place outside that this git may ask; by default it asks nobody. */
  readonly remote?: Remote | undefined;
  /** Added to our environment for git. */
  readonly env?: Environment | undefined;
};

/**
 * git as a supervised child: for the network (progress, deadline, whole tree ended), for bytes (`cat-file`, which simple-git would
 * decode) and for what is read from stdin. Options as `run` has them.
 *
 * @param dir a repository of ours, or the view of a user's
 */
export async function runGit(
  dir: string,
  args: readonly string[],
  options: GitOptions & { readonly encoding: 'buffer' },
): Promise<RunResult<Uint8Array>>;
export async function runGit(
  dir: string,
  args: readonly string[],
  options?: GitOptions & { readonly encoding?: 'utf8' | undefined },
): Promise<RunResult>;
export async function runGit(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult<string | Uint8Array>> {
  const { remote, env, ...running } = options;
  const environment = remote === undefined ? localEnvironment() : await remote.access.environmentFor(remote.url);
  const settings = STRONGER_THAN_REPOSITORY.flatMap((setting) => ['-c', setting]);
  const spec = {
    file: 'git',
    args: [...settings, ...args],
    cwd: dir,
    env: { ...within(dir, environment), ...env },
  };
  return running.encoding === 'buffer'
    ? run(spec, { ...running, encoding: 'buffer', cleanEnv: true })
    : run(spec, { ...running, encoding: 'utf8', cleanEnv: true });
}
