import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TreeText {
  /** Path inside the tree. */
  readonly file: string;
  readonly kind: 'dockerfile' | 'shell';
  readonly text: string;
}

const DOCKERFILE = /(^|\/)Dockerfile[^/]*$|\.Dockerfile$/;
const SHELL_NAME = /\.(sh|bash|installer)$|(^|\/)hack\/make\/[^/.]*$|(^|\/)hack\/make\/\.[^/.]*$/;
const SHEBANG = /^#!.*\b(ba|da)?sh\b/;
/** Whatever is larger is no Dockerfile or script of a moby tree. */
const MAX_BYTES = 2_000_000;

/** The Dockerfiles and shell scripts of a tree, in the order of their paths; vendored code is not built by Dockerfiles. */
export function treeTexts(dir: string): TreeText[] {
  return filesUnder(dir)
    .map((path) => ({ path, file: relative(dir, path) }))
    .filter(({ file }) => !/(^|\/)(vendor|testdata|\.git|node_modules)\//.test(file))
    .flatMap(({ path, file }): TreeText[] => {
      const bytes = readFileSync(path);
      const text = bytes.toString('utf8');
      if (bytes.length > MAX_BYTES || !Buffer.from(text, 'utf8').equals(bytes)) return [];
      if (DOCKERFILE.test(file) && !file.endsWith('.go')) return [{ file, kind: 'dockerfile', text }];
      const shebang = text.startsWith('#!');
      return (shebang ? SHEBANG.test(text) : SHELL_NAME.test(file)) ? [{ file, kind: 'shell', text }] : [];
    });
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) return entry.name === '.git' || entry.name === 'vendor' ? [] : filesUnder(path);
      return entry.isFile() && statSync(path).size <= MAX_BYTES ? [path] : [];
    });
}
