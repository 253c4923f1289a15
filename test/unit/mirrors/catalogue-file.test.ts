import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../../src/mirrors/catalogue/catalogue-file.ts';
import { findMirror, loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { MobyBuildError } from '../../../src/errors.ts';

const ENTRY = `
  - id: corp
    kinds: [git]
    template: https://git.example/{owner}/{repo}.git
    region: global
    operator: us
    status: alive
    seen: 2026-11-01
    sources: [ourselves]
`;

describe('a catalogue of the user’s', () => {
  it('replaces the built-in one', () => {
    expect(parseCatalogue(`mirrors:${ENTRY}`, 'c.yaml', loadCatalogue()).mirrors.map(({ id }) => id)).toEqual(['corp']);
  });

  it('extends it, and wins where kind and id are the same', () => {
    const builtin = loadCatalogue();
    const text = `extends: builtin\nmirrors:${ENTRY}${ENTRY.replace('corp', 'ghfast.top')}`;
    const { mirrors } = parseCatalogue(text, 'c.yaml', builtin);
    const catalogue = { compiled: '', mirrors };
    expect(findMirror(catalogue, 'git', 'corp')?.operator).toBe('us');
    expect(findMirror(catalogue, 'git', 'ghfast.top')?.operator).toBe('us');
    expect(findMirror(catalogue, 'http', 'ghfast.top')).toMatchObject({ template: 'https://ghfast.top/{url}' });
    expect(findMirror(catalogue, 'apt', 'aliyun')).toEqual(findMirror(builtin, 'apt', 'aliyun'));
  });

  it.each([
    ['mirrors: [', ['c.yaml:1:']],
    ['extends: other\nmirrors: []', ['c.yaml:1:10', 'builtin only']],
    [
      `mirrors:${ENTRY.replace('alive', 'fine').replace('kinds: [git]', 'kinds: [got]')}`,
      ['2 problems', 'status', 'kinds'],
    ],
    [`mirrors:${ENTRY}    colour: red`, ['c.yaml:10:', 'colour']],
    [`mirrors:${ENTRY}${ENTRY}`, ['corp is there twice for git']],
    [`mirrors:${ENTRY.replace('https://', 'https://u:p@')}`, ['user name or a password']],
    [`mirrors:${ENTRY.replace('{repo}', '{image}')}`, ['{image}, which has no meaning']],
  ])('tells all that is wrong with %j, with its place', (text, expected) => {
    let told = '';
    try {
      parseCatalogue(text, 'c.yaml', loadCatalogue());
    } catch (cause) {
      if (!(cause instanceof MobyBuildError)) throw cause;
      expect(cause).toMatchObject({ code: 'bad-catalogue', exitCode: 2 });
      told = cause.message;
    }
    for (const each of expected) expect(told).toContain(each);
  });
});
