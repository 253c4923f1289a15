import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The official hosts as this machine is configured to ask them; null where it is not. */
export interface OwnRegistries {
  /** The base before `/debian`: `http://HOST`. */
  readonly apt: string | null;
  /** `https://HOST` */
  readonly gomod: string | null;
  /** The name of Go's checksum database. */
  readonly checksumDatabase: string | null;
}

/**
 * Reads where this machine gets Debian's packages and Go's modules: this program names none of these hosts itself, and knows
 * them by their domain (`egress/default-hosts.ts`). What is not configured, or cannot be read, is null.
 *
 * @param aptFolder `/etc/apt`
 */
export async function ownRegistries(env: Environment, aptFolder = '/etc/apt'): Promise<OwnRegistries> {
  const [apt, go] = await Promise.all([debianHost(aptFolder), goSettings(env)]);
  const proxy = go.proxy.split(/[,|]/u).find((entry) => /^https?:\/\//u.test(entry)) ?? '';
  return {
    apt,
    gomod: /^https?:\/\/[^/@]+\.golang\.org\/?$/u.test(proxy) ? proxy.replace(/\/$/u, '') : null,
    checksumDatabase: /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=$|[+\s])/u.exec(go.database)?.[0] ?? null,
  };
}

async function debianHost(folder: string): Promise<string | null> {
  const parts = await namesIn(join(folder, 'sources.list.d'));
  const files = ['sources.list', ...parts.map((name) => join('sources.list.d', name))];
  const texts = await Promise.all(
    files.filter((name) => /\.(?:list|sources)$/u.test(name)).map((name) => textOrNone(join(folder, name))),
  );
  const urls = texts.join('\n').matchAll(/^[^#\n]*?\b(https?:\/\/([\w.-]+\.debian\.org))(?=[/\s]|$)/gmu);
  for (const [, base = '', host = ''] of urls) if (host !== 'archive.debian.org') return base;
  return null;
}

/** The environment's settings, else those that the go command of this machine knows. */
async function goSettings(env: Environment): Promise<{ readonly proxy: string; readonly database: string }> {
  const { GOPROXY, GOSUMDB } = env;
  if (GOPROXY !== undefined && GOSUMDB !== undefined) return { proxy: GOPROXY, database: GOSUMDB };
  const [proxy = '', database = ''] = await goEnv();
  return { proxy: GOPROXY ?? proxy, database: GOSUMDB ?? database };
}

async function goEnv(): Promise<readonly string[]> {
  try {
    const { stdout } = await run({ file: 'go', args: ['env', 'GOPROXY', 'GOSUMDB'], env: {} }, { timeoutMs: 5_000 });
    return stdout.split('\n');
  } catch (cause) {
    // A machine without Go has no settings of it.
    if (cause instanceof Error) return [];
    throw cause;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

async function textOrNone(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return '';
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && ['ENOENT', 'EACCES', 'ENOTDIR'].includes(String(cause.code));
}
