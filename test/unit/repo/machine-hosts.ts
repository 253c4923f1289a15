import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Host names of every URL in a text. */
export function hostsIn(text: string): readonly string[] {
  const found = [...text.matchAll(/\bhttps?:\/\/(?:[^\s/@]*@)?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})/giu)];
  return [...new Set(found.map((match) => (match[1] ?? '').toLowerCase()))];
}

/** What a program prints, or nothing where it is not installed or fails: then it configures no host here. */
function output(file: string, args: readonly string[]): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return error instanceof Error ? '' : String(error);
  }
}

function aptSources(): string {
  const directory = '/etc/apt/sources.list.d';
  const parts = existsSync(directory) ? readdirSync(directory).map((file) => join(directory, file)) : [];
  const files = ['/etc/apt/sources.list', ...parts].filter(
    (file) => /\.(?:list|sources)$/u.test(file) && existsSync(file),
  );
  return files.map((file) => readFileSync(file, 'utf8').replace(/^\s*#.*$/gmu, '')).join('\n');
}

/** The registries that this machine is configured for: apt's sources, Go's proxy and checksum database, npm's registry. */
export function registryHosts(): readonly string[] {
  const go = output('go', ['env', 'GOPROXY', 'GOSUMDB']);
  // A checksum database is a name without a scheme, or `name+hash+key URL`.
  const names = go.split(/[\s,|]+/u).map((word) => word.split('+')[0] ?? '');
  const bare = names.filter((name) => /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}$/iu.test(name));
  const npm = output('npm', ['config', 'get', 'registry']);
  return [...new Set([...hostsIn(aptSources()), ...hostsIn(go), ...bare, ...hostsIn(npm)])];
}
