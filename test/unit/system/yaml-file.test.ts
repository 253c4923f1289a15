import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../../src/mirrors/catalogue/catalogue-file.ts';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { parseProfile } from '../../../src/mirrors/catalogue/profile-file.ts';
import { readYamlFile } from '../../../src/system/yaml-file.ts';
import { parsed, refused } from '../config/command-line-from.ts';
import { failureOf } from '../../support/failure.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** What each file of a user may be broken by: text, `line:column`, and words of the message. */
const BROKEN: readonly (readonly [string, string | Uint8Array, string, string])[] = [
  ['an alias without an anchor', 'a: 1\nprofile: *x\n', ':2:10', '*x names no anchor'],
  ['an anchor that comes later', 'a: *x\nb: &x 1\n', ':1:4', '*x names no anchor'],
  ['an alias inside of itself', 'a: &x [*x]\n', ':1:8', 'inside of what it names'],
  [
    'a bomb of aliases',
    `a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    ':4:',
    'one alias too many',
  ],
  ['a name twice', 'profile: cn\nprofile: direct\n', ':2:1', 'profile is there twice'],
  ['tabs', 'mirrors:\n\tapt: x\n', ':2:1', 'indented by a tab'],
  ['two documents', 'profile: cn\n---\nprofile: direct\n', ':2:1', 'second document'],
  ['a tag', 'profile: !!int 163\n', ':1:', 'leave the tag'],
  ['an unclosed bracket', 'ref: [a\n', ':', ''],
  ['UTF-16', bytes([0xff, 0xfe], [0x61, 0, 0x3a, 0]), ':1:1', 'UTF-16'],
  ['Latin-1', bytes('profile: cn\n# caf', [0xe9], '\n'), ':2:6', 'not UTF-8'],
  ['brackets without end', '['.repeat(50_000), ':1:1', 'nested deeper'],
  ['dashes without end', `a:\n  ${'- '.repeat(50_000)}x\n`, ':2:1', 'nested deeper'],
  [
    'deep indentation',
    Array.from({ length: 1000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    ':258:1',
    'nested deeper',
  ],
  ['two megabytes', '# x\n'.repeat(500_000), '', 'is longer than'],
];

describe('a file that is broken', () => {
  it.each(BROKEN)('%s: the configuration', async (_, text, place, words) => {
    const { code, exitCode, message } = await refused([], { files: { '/home/me/project/moby-build.yaml': text } });
    expect({ code, exitCode }).toEqual({ code: 'usage', exitCode: 2 });
    expect(message).toContain(`moby-build.yaml${place}`);
    expect(message).toContain(words);
  });

  it.each(BROKEN)('%s: a profile and a catalogue', (_, text, place, words) => {
    for (const read of [
      () => parseProfile(text, 'f.yaml', loadCatalogue()),
      () => parseCatalogue(text, 'f.yaml', loadCatalogue()),
    ]) {
      const { exitCode, message } = failureOf(read);
      expect(exitCode).toBe(2);
      expect(message).toContain(`f.yaml${place}`);
      expect(message).toContain(words);
    }
  });
});

describe('a file that is unusual, and right', () => {
  const files = (text: string | Uint8Array) => ({ files: { '/home/me/project/moby-build.yaml': text } });

  it.each([
    ['empty', ''],
    ['comments only', '# nothing\n'],
    ['one document with its marks', '---\nref: v1.20\n...\n'],
    ['a mark of UTF-8', bytes([0xef, 0xbb, 0xbf], 'ref: v1.20\n')],
    ['ends of Windows', 'ref: v1.20\r\njson: yes\r\n'],
  ])('%s', async (name, text) => {
    const { options } = await parsed([], files(text));
    expect(options.ref).toBe(/empty|comments/u.test(name) ? 'v20.10.12' : 'v1.20');
  });

  it('numbers and words for yes are texts everywhere', () => {
    expect(readYamlFile('a: [163, 1.20, no, ~, 0x10]\n', 'f').value).toEqual({ a: ['163', '1.20', 'no', '~', '0x10'] });
    const profile = parseProfile('name: 163x\nmirrors:\n  apt: [163, aliyun]\n', 'f.yaml', loadCatalogue());
    expect(profile.mirrors.apt).toEqual(['163', 'aliyun']);
  });

  it('a catalogue keeps true, false and null', () => {
    const entry =
      'id: 5\n    kinds: [git]\n    template: https://g.example/{owner}/{repo}.git\n    region: cn\n    operator: me\n    status: alive\n    seen: null\n    sources: [me]\n    clone: false\n';
    const { mirrors } = parseCatalogue(`mirrors:\n  - ${entry}`, 'f.yaml', loadCatalogue());
    expect(mirrors).toMatchObject([{ id: '5', seen: null, clone: false }]);
  });

  it('one entry of a list needs no brackets', async () => {
    expect((await parsed([], files('without: vpnkit\n'))).options.without).toEqual(['vpnkit']);
  });
});
