import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitConfigText, OUR_SETTINGS, type GitSetting } from './git-config.ts';
import { makeTempDir } from '../files/temp-dir.ts';

/** Programs that git would start for the user; it has nobody to talk to here. */
const INTERACTIVE_VARIABLES: ReadonlySet<string> = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX', 'SSH_ASKPASS']);

export type Environment = Readonly<Record<string, string>>;
export type AmbientEnvironment = Readonly<Record<string, string | undefined>>;

/** What a home directory for git holds beside our settings. */
export interface HomeContents {
  /** Weaker than ours. */
  readonly settings: readonly GitSetting[];
  /** The text of `.netrc`; '': none. */
  readonly netrc: string;
}

/**
 * The whole environment for a git of ours that reaches no other repository: no protocol is allowed, and an object that is missing is an
 * error, never fetched (GIT_NO_LAZY_FETCH came with git 2.44; GIT_ALLOW_PROTOCOL stops older ones).
 *
 * HOME is a directory of ours that holds one generated `.gitconfig`, so that it works alike from git 2.25 on (GIT_CONFIG_GLOBAL came with
 * 2.32, and safe.directory on the command line counts only from 2.38 on). Nothing of the user's configuration is in it.
 *
 * @param ambient whose variables git gets, but for those that are git's
 */
export function makeGitHome(ambient: AmbientEnvironment, contents: HomeContents): Environment {
  const home = makeTempDir('git').path;
  const templates = join(home, 'templates');
  mkdirSync(templates);
  const settings = [...contents.settings, ...OUR_SETTINGS, ['init.templateDir', templates] as const];
  writeFileSync(join(home, '.gitconfig'), gitConfigText(settings), { mode: 0o600 });
  // In a directory that only this user may enter, removed when the process leaves.
  if (contents.netrc !== '') writeFileSync(join(home, '.netrc'), contents.netrc, { mode: 0o600, flag: 'wx' });
  return {
    ...withoutGit(ambient),
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'xdg'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    // An object is what its id says, whatever refs/replace has.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    // What git says is read by us.
    LC_ALL: 'C',
    LANGUAGE: '',
  };
}

let local: Environment | null = null;

/** The environment for local work: one for the whole process, for it holds nothing of any run. */
export function localEnvironment(): Environment {
  if (local === null || !existsSync(local['HOME'] ?? '')) local = makeGitHome(process.env, { settings: [], netrc: '' });
  return local;
}

/** Those variables that are neither git's nor name a program that it would start. */
export function withoutGit(ambient: AmbientEnvironment): Environment {
  return defined(
    Object.entries(ambient).filter(([name]) => !name.startsWith('GIT_') && !INTERACTIVE_VARIABLES.has(name)),
  );
}

/** Those that have a value. */
export function defined(values: readonly (readonly [string, string | undefined])[]): Environment {
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
