import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { surroundings } from '../config/command-line-from.ts';
import { readRepositoryFile } from './repository.ts';

const english = readRepositoryFile('README.md');
const chinese = readRepositoryFile('README.zh-CN.md');

/** The commands of a page's blocks, without comments; a line that ends in a backslash goes on. */
function commandsOf(page: string): readonly string[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gmu)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/gu, '')
      .split('\n')
      .map((line) => line.replace(/ +#.*$/u, ''))
      .filter((line) => line !== ''),
  );
}

/** The words of a line of these pages: plain, or in single quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/gu)].map(([word]) => word.replaceAll("'", ''));
}

/** What stands as code or as a number in the first cells of a page's tables: commands, profiles, exit codes. */
function firstCells(page: string): readonly string[] {
  return [...page.matchAll(/^\| ([^|]*?) \|/gmu)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`[^`]+`|\d+/gu)].map(([code]) => code),
  );
}

describe('README.zh-CN.md', () => {
  it('is linked from README.md, and links back', () => {
    expect(english).toContain('(README.zh-CN.md)');
    expect(chinese).toContain('(README.md)');
  });

  it('has every command of README.md as it is there', () => {
    const own = commandsOf(chinese);
    expect(commandsOf(english).length).toBeGreaterThan(8);
    expect(commandsOf(english).filter((line) => !own.includes(line))).toEqual([]);
  });

  it('has nothing in its tables of commands, profiles and exit codes that is not in those of README.md', () => {
    const known = firstCells(english);
    expect(firstCells(chinese).length).toBeGreaterThan(35);
    expect(firstCells(chinese).filter((code) => !known.includes(code))).toEqual([]);
  });

  const ours = commandsOf(chinese).flatMap((line) =>
    [...line.matchAll(/npx moby-build ?([^|&]*)/gu)].map(([, words = '']) => words.trim()),
  );
  it.each(ours)('moby-build %s is a line that there is', async (line) => {
    const words = wordsOf(line);
    const { command } = await parseCommandLine(words, surroundings({}));
    expect(command).not.toBe('');
  });

  it('every file that it links to is there', () => {
    const links = [...chinese.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(8);
    for (const path of links.filter((each) => each !== 'docs')) expect(readRepositoryFile(path), path).not.toBe('');
  });
});
