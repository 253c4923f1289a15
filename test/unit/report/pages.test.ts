import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SENTENCES_ZH } from '../../../src/report/content/sentences-zh.ts';
import { SENTENCES_EN } from '../../../src/report/content/sentences.ts';
import { LogReplay, runFacts } from '../../../src/report/facts/model.ts';
import type { RunEntry } from '../../../src/report/facts/record.ts';
import { LANGUAGES } from '../../../src/names.ts';
import { renderReport } from '../../../src/report/render.ts';
import { BUILD, recordOf, stepEntries } from './report-fixture.ts';

const html = (entries: readonly RunEntry[], before: readonly RunEntry[] | null = null) =>
  renderReport({ run: runFacts(entries), before: before === null ? null : runFacts(before) }, 'html', 'en');
const markdown = (entries: readonly RunEntry[], before: readonly RunEntry[] | null = null) =>
  renderReport({ run: runFacts(entries), before: before === null ? null : runFacts(before) }, 'markdown', 'en');

/** Names and paths that would be markup, a mention, a workflow command, or the end of a cell. */
const HOSTILE = [
  '</code><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '| a | `b` ``` @team #1',
  '\u202egnp.exe\u0007\u001b[31m',
  '${{ secrets.X }} ::error::x',
  '</style><base href=//evil>',
];
const hostile = recordOf(
  HOSTILE.flatMap((name, index) => stepEntries(index + 1, `[a 1/1] RUN ${name}`, index, index + 1)),
  {
    error: { code: 'build-failed', message: HOSTILE.join('\n'), hint: HOSTILE[0] ?? '' },
    exitCode: 6,
  },
);

describe('the HTML page', () => {
  it('is the same each time, and holds what was asked, decided, built and checked', () => {
    const page = html(recordOf(BUILD));
    expect(html(recordOf(BUILD))).toBe(page);
    for (const text of [
      'Build of v20.10.12 for linux/amd64',
      'Built in 1 min 40 s.',
      'moby-build build --ref v20.10.12',
      'opencontainers/runc.git',
      'DaoCloud (daocloud)',
      'b'.repeat(64),
      'static',
      'At most 2 ran at the same time',
      '6 steps: 1 from the cache',
    ])
      expect(page).toContain(text);
  });

  it('says of a sealed build whom it reached and who was refused; of another one nothing', () => {
    const seal: RunEntry = {
      is: 'seal',
      seal: {
        ...{ mechanism: 'proxy', canary: 'connection refused', planned: ['deb.example'] },
        contacted: [{ host: 'deb.example', requests: 12, received: 2_000_000, sent: 4000 }],
        refused: [{ host: 'evil<b>.example', requests: 1 }],
      },
    };
    const page = html(recordOf([...BUILD, seal]));
    expect(page).toContain('Hosts reached: 1. Refused: 1.');
    for (const text of ['deb.example', '2.0 MB', '4.0 kB', 'evil&lt;b', 'connection refused'])
      expect(page).toContain(text);
    expect(markdown(recordOf([...BUILD, seal]))).toContain('## Seal');
    expect(html(recordOf(BUILD))).not.toContain('Seal');
  });

  it('asks nobody: its policy knows its style and script by their hashes, and there is no address to fetch', () => {
    const page = html(hostile);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/u,
    );
    for (const [tag, inside] of [...page.matchAll(/<(style|script)>([^]*?)<\/\1>/gu)].map(([, tag, inside]) => [
      tag,
      inside ?? '',
    ]))
      expect(policy, tag).toContain(
        createHash('sha256')
          .update(inside ?? '')
          .digest('base64'),
      );
    expect(page.match(/<script/gu)).toHaveLength(1);
    expect(page.match(/<style/gu)).toHaveLength(1);
    expect(page).not.toMatch(/<(?:img|base|link|iframe|object|embed|form)\b|\sstyle=|\son\w+="/u);
    expect(
      [...page.matchAll(/\s(?:href|src)="([^"]*)"/gu)].map(([, to = '']) => to).filter((to) => !to.startsWith('#')),
    ).toEqual([]);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/u);
  });

  it('has one id for each thing, and every link leads to one', () => {
    const page = html(recordOf(BUILD), recordOf([]));
    const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of page.matchAll(/href="#([^"]*)"/gu)) expect(ids).toContain(to);
  });

  it('of 2,000 steps stays below 2 MB', () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      stepEntries(
        index,
        `[s${String(index % 30)} ${String(index)}/2000] RUN make ${'x'.repeat(200)}`,
        index,
        index + 3,
      ),
    ).flat();
    expect(html(recordOf(many)).length).toBeLessThan(2_000_000);
  });
});

describe('the Markdown', () => {
  it('says the same, and nothing of a build is markup', () => {
    expect(markdown(recordOf(BUILD))).toContain('Built in 1 min 40 s.');
    const text = markdown(hostile);
    const outside = text
      .replaceAll(/^(`{3,})\n[^]*?\n\1$/gmu, '')
      .replaceAll(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/gu, '');
    expect(outside).not.toMatch(/<\w|@team|!\[/u);
    const rows = text.split('\n').filter((line) => line.includes('RUN ') && line.startsWith('|'));
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, '').split('|').length, row).toBeOneOf([8, 9]);
  });

  it('stays below 1 MiB, whatever a build prints', () => {
    const name = (index: number) => `[a ${String(index)}/9] RUN ${'`|é'.repeat(3000)}`;
    const many = Array.from({ length: 3000 }, (_, index) => stepEntries(index, name(index), index, index + 1)).flat();
    const error = { code: 'build-failed', message: '`'.repeat(2_000_000), hint: null };
    expect(Buffer.byteLength(markdown(recordOf(many, { error, exitCode: 6 })))).toBeLessThan(1_048_576);
    expect(markdown(recordOf(many))).toContain('2900 more rows');
  });
});

describe('both', () => {
  it.each([
    ['built', {}, 'Built in'],
    ['failed', { exitCode: 6, error: { code: 'build-failed', message: 'm', hint: null } }, 'Failed with exit code 6'],
    ['interrupted', { exitCode: 130, error: { code: 'interrupted', message: 'm', hint: null } }, 'Interrupted after'],
  ])('say how the run ended: %s', (_name, end, words) => {
    for (const page of [html, markdown]) expect(page(recordOf(BUILD, end))).toContain(words);
  });

  it('say that no end is recorded, and show what there is', () => {
    for (const page of [html, markdown]) {
      expect(page(recordOf(BUILD).slice(0, -2))).toContain('No end is recorded');
      expect(page([])).toContain('No step of BuildKit was seen.');
    }
  });

  it('show no password, whatever wrote the record', () => {
    const secret = recordOf(
      stepEntries(1, '[a 1/1] RUN curl https://me:hunter2@example.com --token=x API_TOKEN=hunter2', 0, 1),
    );
    for (const page of [html, markdown]) expect(page(secret)).not.toContain('hunter2');
  });

  it('say what differs from the run before', () => {
    const before = recordOf(BUILD.slice(0, 4)).map((entry) =>
      entry.is === 'begin' ? { ...entry, asked: { profile: 'upstream' } } : entry,
    );
    const text = markdown(recordOf(BUILD), before);
    for (const row of [
      '| option | `profile` | `"upstream"` | `"cn"` |',
      '| option | `ref` |  | `"v20.10.12"` |',
      '| number of steps |  | `2` | `6` |',
    ])
      expect(text).toContain(row);
    expect(markdown(recordOf(BUILD), recordOf(BUILD))).toContain('Nothing that is recorded differs');
  });

  it('have the steps of a log without a record', () => {
    const replay = new LogReplay();
    for (const line of ['#1 [a 1/2] FROM x', '#1 CACHED', '#2 [a 2/2] RUN TOKEN=hunter2 make', '#2 DONE 12.5s'])
      replay.feed(line);
    const text = renderReport({ run: replay.facts(), before: null }, 'markdown', 'en');
    expect(text).toContain('Only a log is there');
    expect(text).toContain('13 s');
    expect(text).not.toContain('hunter2');
  });
});

it.each(LANGUAGES)('every sentence has holes that are filled: none is left in a page (%s)', (language) => {
  const page = renderReport({ run: runFacts(recordOf(BUILD)), before: runFacts(recordOf([])) }, 'html', language);
  expect(page.replace(/data-words="[^"]*"/gu, '').replace(/<(script|style)>[^]*?<\/\1>/gu, '')).not.toMatch(/\{\w+\}/u);
});

describe('the sentences of both languages', () => {
  const holesOf = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(String).sort();
  const rows = Object.entries(SENTENCES_EN).map(([key, english]) => [
    key,
    english,
    SENTENCES_ZH[key as keyof typeof SENTENCES_EN],
  ]);

  it('have the same keys', () => {
    expect(Object.keys(SENTENCES_ZH)).toEqual(Object.keys(SENTENCES_EN));
  });

  it.each(rows)('%s: %j and %j have the same holes', (_, english = '', chinese = '') => {
    expect(holesOf(chinese)).toEqual(holesOf(english));
    expect(chinese.trim()).not.toBe('');
  });

  it('differ, but for names; Chinese has the full stops and brackets of Chinese', () => {
    const same = rows.filter(([, english, chinese]) => english === chinese).map(([key]) => key);
    expect(same).toEqual(['tool', 'received.http', 'received.apt', 'order.order']);
    const chinese = rows.map(([, , text = '']) => text);
    expect(chinese.filter((text) => /\p{Script=Han}/u.test(text) && /[,;:?()]|\.$/u.test(text))).toEqual([]);
  });
});

it('a page in Chinese says so, and keeps what the run said as it was said', () => {
  const report = { run: runFacts(recordOf(BUILD)), before: null };
  const page = renderReport(report, 'html', 'zh');
  for (const text of [
    '<html lang="zh-CN">',
    'v20.10.12 的构建（linux/amd64）',
    '构建成功',
    '关键路径',
    'opencontainers/runc.git',
  ])
    expect(page).toContain(text);
  const text = renderReport(report, 'markdown', 'zh');
  expect(text).toContain('## 出网点');
  expect(text).not.toMatch(/^## [A-Z]/mu);
});
