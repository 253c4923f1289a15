import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRepositoryFile, repositoryFiles, ROOT } from './repository.ts';

/** Written for people, or read by tools that say nothing about a path that is gone. */
const NAMING = /^(docs\/.*\.md|README\.md|CONTRIBUTING\.md|\.prettierignore|bin\/.*|src\/.*\.ts|scripts\/.*)$/u;
/** A file or a folder of this repository; those in longer paths and in URLs are of others. */
const NAMED = /(?<![\w./$}{-])src\/[a-z0-9/-]+(?:\.(?:ts|mjs|json)\b|(?<=\/)(?!\w))/gu;

it('files and folders of src that documentation, comments and lists name are there', () => {
  const named = repositoryFiles()
    .filter((file) => NAMING.test(file))
    .flatMap((file) => [...readRepositoryFile(file).matchAll(NAMED)].map(([path]) => ({ file, path })));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});
