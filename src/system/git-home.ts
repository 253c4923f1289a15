import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitConfigText, networkSettings, OUR_SETTINGS } from './git-config.ts';
import { run } from './run.ts';
import { makeTempDir } from './temp-dir.ts';

/** GIT_* variables of the user that say how this machine reaches the network; every other one is dropped. */
const NETWORK_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
  'GIT_SSL_NO_VERIFY',
  'GIT_SSL_VERSION',
  'GIT_SSL_CIPHER_LIST',
  'GIT_PROXY_SSL_CAINFO',
  'GIT_PROXY_SSL_CERT',
  'GIT_PROXY_SSL_KEY',
  'GIT_HTTP_PROXY_AUTHMETHOD',
]);

/** Programs that git would start for the user; it has nobody to talk to here. */
const INTERACTIVE_VARIABLES: ReadonlySet<string> = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX', 'SSH_ASKPASS']);

type Environment = Readonly<Record<string, string>>;

let made: Promise<Environment> | null = null;
let certificates: string | null = null;
let logins: string | null = null;

/** From now on every git of this run believes the certificates in that file (PEM, the usual ones among them) and no others. */
export function trustForGit(file: string): void {
  certificates = file;
}

/**
 * From now on every git of this run knows these logins (the text of a netrc file), and those of the user's ~/.netrc after them: curl takes
 * the first that fits.
 */
export async function loginsForGit(text: string): Promise<void> {
  logins = text;
  if (made !== null) putLogins((await made)['HOME'] ?? '', text);
}

/**
 * The whole environment for every git of ours: a home directory of its own that holds one generated `.gitconfig` (removed
 * when the process leaves), so that it works alike from git 2.25 on (GIT_CONFIG_GLOBAL came with 2.32, and safe.directory
 * on the command line counts only from 2.38 on).
 *
 * Kept from the user: proxy variables, certificates, `http.proxy` and the like from their configuration, and ~/.netrc for
 * private mirrors. Dropped: hooks, templates, helpers, aliases, insteadOf, prompts.
 */
export async function gitEnvironment(): Promise<Environment> {
  made ??= makeGitHome(process.env, logins);
  const environment = await made;
  return certificates === null ? environment : { ...environment, GIT_SSL_CAINFO: certificates };
}

/** As `gitEnvironment`, made anew from the given variables. `netrc`: logins before those of the user's own file. */
export async function makeGitHome(
  ambient: Readonly<Record<string, string | undefined>>,
  netrc: string | null = null,
): Promise<Environment> {
  const home = makeTempDir('git');
  const templates = join(home.path, 'templates');
  mkdirSync(templates);
  const theirs = await run(
    { file: 'git', args: ['config', '--null', '--list'], cwd: home.path, env: readingEnvironment(ambient, home.path) },
    { cleanEnv: true, timeoutMs: 10_000 },
  );
  const settings = [...networkSettings(theirs.stdout), ...OUR_SETTINGS, ['init.templateDir', templates] as const];
  writeFileSync(join(home.path, '.gitconfig'), gitConfigText(settings), { mode: 0o600 });
  const theirNetrc = join(ambient['HOME'] ?? homedir(), '.netrc');
  if (existsSync(theirNetrc)) symlinkSync(theirNetrc, join(home.path, '.netrc'));
  if (netrc !== null) putLogins(home.path, netrc);

  return {
    ...withoutGit(ambient),
    ...pick(ambient, NETWORK_VARIABLES),
    HOME: home.path,
    XDG_CONFIG_HOME: join(home.path, 'xdg'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    // What git says is read by us.
    LC_ALL: 'C',
    LANGUAGE: '',
  };
}

/** Puts a file in the place of the link to the user's own: in a directory that only this user may enter, removed with it. */
function putLogins(home: string, text: string): void {
  const place = join(home, '.netrc');
  const theirs = existsSync(place) ? readFileSync(place, 'utf8') : '';
  rmSync(place, { force: true });
  writeFileSync(place, `${text}\n${theirs}`, { mode: 0o600, flag: 'wx' });
}

/** The user's own view, outside any repository: a repository around the temporary directory must not count. */
function readingEnvironment(ambient: Readonly<Record<string, string | undefined>>, home: string): Environment {
  const own = Object.entries(ambient).filter(([name]) => /^GIT_CONFIG/.test(name));
  return {
    ...withoutGit(ambient),
    ...defined(Object.fromEntries(own)),
    GIT_CEILING_DIRECTORIES: dirname(home),
    LC_ALL: 'C',
  };
}

function withoutGit(ambient: Readonly<Record<string, string | undefined>>): Environment {
  return defined(
    Object.fromEntries(
      Object.entries(ambient).filter(([name]) => !name.startsWith('GIT_') && !INTERACTIVE_VARIABLES.has(name)),
    ),
  );
}

function pick(ambient: Readonly<Record<string, string | undefined>>, names: ReadonlySet<string>): Environment {
  return defined(Object.fromEntries(Object.entries(ambient).filter(([name]) => names.has(name))));
}

function defined(values: Readonly<Record<string, string | undefined>>): Environment {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
