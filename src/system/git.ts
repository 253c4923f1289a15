import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { simpleGit, type SimpleGit } from 'simple-git';
import { gitEnvironment } from './git-home.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

/** Variables of ours that simple-git must hand on (it drops GIT_* otherwise). */
const HANDED_ON = [
  'GIT_CONFIG_NOSYSTEM',
  'GIT_ATTR_NOSYSTEM',
  'GIT_TERMINAL_PROMPT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_CEILING_DIRECTORIES',
];

/**
 * Settings that must win over the repository's own .git/config, which may belong to anybody: on the command line, since the
 * generated .gitconfig is weaker than it.
 */
const STRONGER_THAN_REPOSITORY = ['core.fsmonitor=false', 'core.hooksPath=/dev/null'];

/**
 * simple-git for local work in one repository (never the network: its abort leaves git-remote-http behind). It insists on a
 * directory; the environment is ours (see git-home.ts).
 */
export async function gitIn(dir: string): Promise<SimpleGit> {
  const environment = await environmentIn(dir);
  const allowed = new Set(HANDED_ON);
  const env = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || allowed.has(name)),
  );
  return simpleGit({
    baseDir: dir,
    maxConcurrentProcesses: 1,
    config: STRONGER_THAN_REPOSITORY,
    allowEnvironment: HANDED_ON,
    // We give harmless values where its guard expects hostile ones.
    unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true },
  }).env(env);
}

/** With a repository around `dir` out of sight: a tree without its own .git must not pass for a part of another one. */
async function environmentIn(dir: string): Promise<Readonly<Record<string, string>>> {
  return { ...(await gitEnvironment()), GIT_CEILING_DIRECTORIES: dirname(realpathSync(dir)) };
}

export type GitOptions = RunOptions & {
  /** Added to our environment for git. */
  readonly env?: Readonly<Record<string, string>> | undefined;
};

/**
 * git as a supervised child: for the network (progress, deadline, whole tree ended) and for bytes (`cat-file`, which
 * simple-git would decode). Options as `run` has them.
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
  const settings = STRONGER_THAN_REPOSITORY.flatMap((setting) => ['-c', setting]);
  const spec = {
    file: 'git',
    args: [...settings, ...args],
    cwd: dir,
    env: { ...(await environmentIn(dir)), ...options.env },
  };
  return options.encoding === 'buffer'
    ? run(spec, { ...options, encoding: 'buffer', cleanEnv: true })
    : run(spec, { ...options, encoding: 'utf8', cleanEnv: true });
}
