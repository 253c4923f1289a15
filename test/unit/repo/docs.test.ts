import { expect, it } from 'vitest';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

const PAGES = repositoryFiles().filter((file) => /^(?:docs\/.*|README|CONTRIBUTING)\.md$/u.test(file));

/** Lines of prose: no tables, no blocks of code. */
function prose(page: string): readonly string[] {
  return page
    .replaceAll(/^```[\s\S]*?^```$/gmu, '')
    .split('\n')
    .filter((line) => !/^(?:\|| {4})/u.test(line));
}

it('the pages are there, and their prose is at most 120 characters wide', () => {
  expect(PAGES.length).toBeGreaterThan(15);
  const wide = PAGES.flatMap((file) =>
    prose(readRepositoryFile(file))
      .filter((line) => line.length > 120)
      .map((line) => `${file}: ${line}`),
  );
  expect(wide).toEqual([]);
});
