import { beforeAll, describe, expect, it } from 'vitest';
import { readSentences, sentencesOf } from '../../../scripts/sentences.mjs';
import { translatorOf } from '../../../src/ui/speech/translator.ts';

let all: ReturnType<typeof readSentences>;
let chinese: ReadonlyMap<string, string>;
beforeAll(() => {
  all = readSentences();
  chinese = new Map(all.tables.flatMap(({ table }) => Object.entries(table)));
}, 180_000);

const holes = (text: string): readonly string[] =>
  [...new Set([...text.replaceAll('{{', '').matchAll(/\{\d\}/gu)].map(([hole]) => hole))].sort();

/** A sentence as the program says it. @param way which of `{is|are}` */
const filled = (text: string, way: 0 | 1): string =>
  text
    .replaceAll(/\{([^{}|]*)\|([^{}]*)\}/gu, (_, one: string, many: string) => [one, many][way] ?? '')
    .replaceAll(/(?<!\{)\{(\d)\}/gu, '/p$1')
    .replaceAll('{{', '{')
    .replaceAll('}}', '}');

describe('the sentences of the product', () => {
  it('are found at all, in every room', () => {
    expect(all.sentences.length).toBeGreaterThan(2000);
    for (const room of ['commands', 'doctor', 'run', 'system', 'mirrors', 'smoke', 'config', 'ui'])
      expect(all.sentences.some(({ place }) => place.startsWith(`src/${room}/`))).toBe(true);
  });

  it('are all in the Chinese table', () => {
    const missing = all.sentences.filter(({ key }) => !chinese.has(key));
    expect(missing, 'write them into src/ui/speech/zh/ (node scripts/sentences.mjs lists them)').toEqual([]);
  });

  it('have no Chinese that nobody says, and none twice', () => {
    const said = new Set(all.sentences.map(({ key }) => key));
    expect([...chinese.keys()].filter((key) => !said.has(key))).toEqual([]);
    expect(all.tables.reduce((sum, { table }) => sum + Object.keys(table).length, 0)).toBe(chinese.size);
  });

  it('have the same holes in both languages', () => {
    const other = [...chinese].filter(([english, meaning]) => holes(english).join() !== holes(meaning).join());
    expect(other).toEqual([]);
  });

  it('come out as their own Chinese, whatever fills the holes', () => {
    const translate = translatorOf(Object.fromEntries(chinese));
    const other = [...chinese].flatMap(([english, meaning]) =>
      ([0, 1] as const)
        .map((way) => ({
          said: filled(english, way),
          told: translate(filled(english, way)),
          due: filled(meaning, way),
        }))
        .filter(({ told, due }) => told !== due && LETTERS.test(english.replaceAll(/\{\d\}/gu, ''))),
    );
    expect(other).toEqual([]);
  });
});

/** A shorter one is known only as a whole. */
const LETTERS = /(?:[a-z][^a-z]*){5}/iu;

describe('sentencesOf', () => {
  const found = (code: string) => sentencesOf('src/x.ts', code).map(({ key }) => key);

  it.each([
    ['const a = { message: `${x} is not there.` };', ['{1} is not there.']],
    ["const a = { title: 'clock' };", ['clock']],
    ["const a = { seen: `${n} ${n === 1 ? 'file is' : 'files are'} gone` };", ['{1} {file is|files are} gone']],
    [
      "const a = { hint: `ask ${x === null ? 'nobody at all' : `the ${x} server`} now` };",
      ['ask nobody at all now', 'ask the {1} server now'],
    ],
    [
      "const a = { seen: `on ${b ? 'this side' : 'that side'}${b ? '' : ' too'}` };",
      ['on this side', 'on that side too'],
    ],
    ['const a = { fix: `docker buildx ls   # shows the builders` };', ['shows the builders']],
    ['const a = { message: `first line here\\nsecond line here` };', ['first line here', 'second line here']],
    ["const a = { hint: 'one part ' + 'and another' };", ['one part and another']],
    ["const a = { hint: 'a hole {url} of theirs' };", ['a hole {{url}} of theirs']],
    ["throw new Error('a mistake of ours');", []],
    ["const a = { code: 'no-such-thing', args: ['run it all'] };", []],
    ["z.string().describe('what a document says');", []],
  ])('of %s', (code, keys) => {
    expect(found(code)).toEqual(keys);
  });
});
