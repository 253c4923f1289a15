import { describe, expect, it } from 'vitest';
import { codesPage } from '../../../scripts/codes-page.ts';
import { jsonPage } from '../../../scripts/json-page.ts';
import { markdownTable } from '../../../scripts/markdown.ts';
import { optionsPage } from '../../../scripts/options-page.ts';
import { OPTION_NAMES, spelled } from '../../../src/config/options/options.ts';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';

const PAGES = { codes: codesPage, options: optionsPage, json: jsonPage };

// A stale page fails; `npm run docs` writes it anew.
describe('docs/reference/', () => {
  it.each(Object.entries(PAGES))('%s.md is what the code says; npm run docs writes it anew', async (name, page) => {
    await expect(page()).toMatchFileSnapshot(`../../../docs/reference/${name}.md`);
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
