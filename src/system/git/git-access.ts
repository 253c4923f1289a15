import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { networkSettings, uncheckedBy, type GitSetting } from './git-config.ts';
import { defined, makeGitHome, withoutGit, type AmbientEnvironment, type Environment } from './git-home.ts';
import { viewOfPlace } from './git-bundle.ts';
import { run } from '../process/run.ts';
import { makeTempDir } from '../files/temp-dir.ts';
import { netrcFor, readUserNetrc, type UserNetrc } from './user-netrc.ts';

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

/** What git may speak to a URL: its own protocol; from HTTP it may be led to HTTPS, and never back. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  https: 'https',
  http: 'http:https',
  ssh: 'ssh',
  git: 'git',
  file: 'file',
};

export interface GitAccessOptions {
  /** The caller's environment: proxies, certificates, and the HOME whose git configuration and ~/.netrc count. */
  readonly env: AmbientEnvironment;
  /** The text of `--netrc`: its logins come before those of ~/.netrc, since curl takes the first that fits. */
  readonly netrc?: string | null | undefined;
  /** A file of certificates (PEM, the usual ones among them): git believes these and no others. null: those that git knows. */
  readonly certificates?: string | null | undefined;
  /** true: git reads files of this machine, and speaks to no server. */
  readonly offline?: boolean | undefined;
}

/**
 * How the gits of one run reach other repositories. Of the user's configuration they get what says how this machine reaches the network
 * (proxies, certificates), and of ~/.netrc the logins of the host that is asked: never `default`, for a mirror belongs to strangers.
 */
export class GitAccess {
  private readonly given: GitAccessOptions;
  private readonly environments = new Map<string, Promise<Environment>>();
  private theirs: Promise<readonly GitSetting[]> | null = null;
  private theirNetrc: UserNetrc | null = null;
  private readonly asked = new Set<string>();

  constructor(given: GitAccessOptions) {
    this.given = given;
  }

  /** The whole environment for a git that goes to this URL, and to no other place. */
  async environmentFor(url: string): Promise<Environment> {
    const host = httpHost(url);
    const path = host === null ? localPath(url) : null;
    if (host !== null) this.asked.add(host);
    const key = host ?? path ?? '';
    const made = this.environments.get(key) ?? this.make(url, host, path);
    this.environments.set(key, made);
    const scheme = schemeOf(url);
    const isAllowed = this.given.offline !== true || scheme === 'file';
    return { ...(await made), GIT_ALLOW_PROTOCOL: (isAllowed ? PROTOCOLS[scheme] : undefined) ?? 'none' };
  }

  /** What of ~/.netrc git was not given in this run so far. */
  leftOut(): { readonly file: string; readonly byDefault: boolean; readonly hosts: number } {
    const { machines, hasDefault } = this.netrc();
    const others = new Set(machines.map(({ machine }) => machine).filter((machine) => !this.asked.has(machine)));
    const any = this.asked.size > 0;
    return { file: this.netrcFile(), byDefault: any && hasDefault, hosts: any ? others.size : 0 };
  }

  /** What of the user's own turned git's check of certificates off in this run so far: settings and variables, by name. */
  async unchecked(): Promise<readonly string[]> {
    if (this.theirs === null) return [];
    return uncheckedBy(await this.theirs, this.given.env);
  }

  private async make(url: string, host: string | null, path: string | null): Promise<Environment> {
    const { env, netrc, certificates } = this.given;
    this.theirs ??= settingsOfUser(env);
    const settings: GitSetting[] = [...(await this.theirs)];
    if (path !== null) settings.push(await insteadOf(url, path));
    const logins = host === null ? '' : `${netrc ?? ''}\n${netrcFor(this.netrc(), host)}`;
    const { GIT_NO_LAZY_FETCH: _never, ...home } = makeGitHome(env, {
      settings,
      netrc: logins.trim() === '' ? '' : logins,
    });
    return {
      ...home,
      ...defined(Object.entries(env).filter(([name]) => NETWORK_VARIABLES.has(name))),
      ...(typeof certificates === 'string' ? { GIT_SSL_CAINFO: certificates } : {}),
      GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    };
  }

  private netrcFile(): string {
    return join(this.given.env['HOME'] ?? homedir(), '.netrc');
  }

  private netrc(): UserNetrc {
    const file = this.netrcFile();
    this.theirNetrc ??= readUserNetrc(existsSync(file) ? readFileSync(file, 'utf8') : '');
    return this.theirNetrc;
  }
}

/** Proxies and certificates of the user's own configuration, read outside any repository: one around the temporary directory must not count. */
async function settingsOfUser(env: AmbientEnvironment): Promise<readonly GitSetting[]> {
  const temp = makeTempDir('git-settings');
  try {
    const own = Object.entries(env).filter(([name]) => name.startsWith('GIT_CONFIG'));
    const reading = {
      ...withoutGit(env),
      ...defined(own),
      GIT_CEILING_DIRECTORIES: dirname(temp.path),
      LC_ALL: 'C',
    };
    const { stdout } = await run(
      { file: 'git', args: ['config', '--null', '--list'], cwd: temp.path, env: reading },
      { cleanEnv: true, timeoutMs: 10_000 },
    );
    return networkSettings(stdout);
  } finally {
    temp.remove();
  }
}

/** A repository on this machine, or a bundle of one, is served out of a view: whoever serves one obeys its configuration. */
async function insteadOf(url: string, path: string): Promise<GitSetting> {
  return [`url.${(await viewOfPlace(path))?.dir ?? join(path, 'is-no-repository')}.insteadOf`, url];
}

function schemeOf(url: string): string {
  if (url.startsWith('/')) return 'file';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined) return scheme;
  // gitprotocol: [USER@]HOST:PATH is ssh; `ext::` and the like are helpers.
  return /^[^/:]+:(?!:)/u.test(url) ? 'ssh' : '';
}

function httpHost(url: string): string | null {
  return /^https?:/u.test(`${schemeOf(url)}:`) && URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null;
}

/** The path of `file:///PATH`, which git decodes, or of a plain path. */
function localPath(url: string): string | null {
  if (url.startsWith('/')) return url;
  return /^file:\/\/\//iu.test(url) ? decodeURIComponent(url.slice('file://'.length)) : null;
}
