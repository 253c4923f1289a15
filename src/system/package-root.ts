import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The directory of moby-build's own package, absolute: where patches/, templates/ and schemas/ are. The nearest directory
 * above this file whose package.json is ours; so it is the same from src/ and from a bundle in dist/, however deep.
 *
 * @throws Error when the package was taken apart
 */
export function packageRoot(): string {
  found ??= search(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** The version in our package.json. */
export function packageVersion(): string {
  const { version } = manifestOf(packageRoot());
  if (typeof version !== 'string') throw new Error('the package.json of moby-build has no version');
  return version;
}

function search(start: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    if (manifestOf(directory).name === 'moby-build') return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json of moby-build above ${start}`);
  }
}

function manifestOf(directory: string): { readonly name?: unknown; readonly version?: unknown } {
  const path = join(directory, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown }) : {};
}
