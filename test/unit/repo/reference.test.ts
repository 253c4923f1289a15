import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { codesPage } from '../../../scripts/codes-page.ts';
import { jsonPage } from '../../../scripts/json-page.ts';
import { manPage } from '../../../scripts/man-page.ts';
import { messagesPage } from '../../../scripts/messages-page.ts';
import { packageVersion } from '../../../src/system/package-root.ts';
import { markdownTable } from '../../../scripts/markdown.ts';
import { optionsPage } from '../../../scripts/options-page.ts';
import { OPTION_NAMES, spelled } from '../../../src/config/options/options.ts';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';

const PAGES = { codes: codesPage, messages: messagesPage, options: optionsPage, json: jsonPage };

// A stale page fails; `npm run docs` writes it anew.
describe('docs/reference/', () => {
  it.each(Object.entries(PAGES))('%s.md is what the code says; npm run docs writes it anew', async (name, page) => {
    await expect(page()).toMatchFileSnapshot(`../../../docs/reference/${name}.md`);
  });

  it('and the man page too, which man(1) reads without a warning', async () => {
    const page = manPage(packageVersion());
    await expect(page).toMatchFileSnapshot('../../../man/moby-build.1');
    for (const name of OPTION_NAMES) expect(page).toContain(`\\fB${spelled(name).replaceAll('-', '\\-')}\\fR`);
    const { error, status, stderr } = spawnSync('man', ['--warnings', '-l', '-'], { input: page, encoding: 'utf8' });
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    else process.stderr.write('SKIPPED: the man page is not read by man(1), which is not installed\n');
  });

  it('says of each tool of a build which messages mean what', () => {
    const page = messagesPage();
    for (const tool of ['git and ssh', 'curl and wget', 'apt', 'go', 'The engine, BuildKit and their clients']) {
      const [, section = ''] = page.split(`\n## ${tool}\n`);
      const rows = section.split('\n## ')[0] ?? '';
      for (const meaning of ['transport', 'refused', 'not-there', 'tampered'])
        expect(rows, tool).toContain(`| ${meaning} |`);
    }
  });

  it('names every option and every document', () => {
    for (const name of OPTION_NAMES) expect(optionsPage()).toContain(`\n### \`${spelled(name)}`);
    for (const name of Object.keys(DOCUMENT_SCHEMAS)) expect(jsonPage()).toContain(`\n## ${name}\n`);
  });

  it('links only to headings that the page has', () => {
    const page = jsonPage();
    const headings = [...page.matchAll(/^#+ (.+)$/gmu)].map(([, text]) => String(text).replaceAll(' ', '-'));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/gu)].map(([, to]) => to);
    expect(links.length).toBeGreaterThan(10);
    // Two headings of one text would share a link.
    expect(new Set(headings).size).toBe(headings.length);
    expect(links.filter((to) => !headings.includes(String(to)))).toEqual([]);
  });

  it('escapes a bar inside a cell', () => {
    expect(markdownTable(['a'], [['x|y']])).toEqual(['| a |', '|---|', '| x\\|y |']);
  });
});
