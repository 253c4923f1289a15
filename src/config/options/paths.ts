import { isAbsolute, join, resolve } from 'node:path';
import type { PathBase } from './option.ts';

/** Makes a path absolute. `~/` is expanded too: a shell does that for flags, nobody does it for files and environment. */
export function absolutePath(path: string, base: PathBase): string {
  if (base.home !== null && (path === '~' || path.startsWith('~/'))) return join(base.home, path.slice(1));
  return isAbsolute(path) ? path : resolve(base.directory, path);
}

/** Whether a word that may be a name or a file is meant as a file: it has a slash or the ending of a profile file. */
export function looksLikeFile(word: string): boolean {
  return word.includes('/') || /\.(?:ya?ml|json)$/iu.test(word);
}

/** Whether a word is a public key of minisign or signify itself, and no path: 42 bytes in base64 that start with `Ed`. */
export function isKeyText(text: string): boolean {
  return /^RW[\w+/]{54}$/u.test(text);
}
