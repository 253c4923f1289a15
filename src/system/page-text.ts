import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** Where the bundler writes the pages, below the package. */
export const PAGES_FILE = 'pages.json';

/** A text that was made when the package was built: to make it takes the whole table of options, which is slow to load. */
export function pageText(key: string): string {
  const pages = JSON.parse(readFileSync(join(packageRoot(), 'dist', PAGES_FILE), 'utf8')) as Record<string, string>;
  const text = pages[key];
  if (text === undefined) throw new Error(`no page ${key} in dist/${PAGES_FILE}`);
  return text;
}
