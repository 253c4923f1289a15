import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAUSES_ZH } from '../../../src/ui/speech/symptoms/causes-zh.ts';
import { HINTS_ZH } from '../../../src/ui/speech/symptoms/hints-zh.ts';
import { EXPLAIN_EN } from '../../../src/commands/explain/words/words-en.ts';
import { EXPLAIN_ZH } from '../../../src/commands/explain/words/words-zh.ts';
import { codePage } from '../../../src/commands/explain/code-page.ts';
import { presentExplain } from '../../../src/commands/explain/present-explain.ts';
import type { LogExplained } from '../../../src/commands/explain/document.ts';
import { SYMPTOMS } from '../../../src/symptoms/table.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { speak } from '../../../src/ui/speech/speech.ts';

const colours = createColours(false);
const page = { colours, columns: 80 };
const style = (language: 'en' | 'zh') => ({ colours, line: [], language });

describe('the sentences of explain in both languages', () => {
  const holesOf = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(String).sort();

  it('have the same keys and holes', () => {
    expect(Object.keys(EXPLAIN_ZH)).toEqual(Object.keys(EXPLAIN_EN));
    for (const key of Object.keys(EXPLAIN_EN) as (keyof typeof EXPLAIN_EN)[])
      expect(holesOf(EXPLAIN_ZH[key]), key).toEqual(holesOf(EXPLAIN_EN[key]));
  });

  it.each([
    ['cause', CAUSES_ZH],
    ['hint', HINTS_ZH],
  ] as const)('every %s of the table of symptoms is there in Chinese, and no other', (part, chinese) => {
    const english = new Set(SYMPTOMS.map((row) => row[part]));
    expect(Object.keys(chinese).filter((text) => !english.has(text))).toEqual([]);
    expect([...english].filter((text) => !Object.hasOwn(chinese, text))).toEqual([]);
  });

  const pairs = Object.entries({ ...CAUSES_ZH, ...HINTS_ZH });
  it('names, options and numbers are the same in both', () => {
    const names = (text: string) =>
      [...text.matchAll(/--[a-z-]+|[A-Z][A-Z_]{3,}\d*|\d+(?:\.\d+)+|# syntax|\w+\.(?:mod|sum)\b/gu)]
        .map(([name]) => name.trim())
        .sort();
    for (const [english, chinese] of pairs) expect(names(chinese), english).toEqual(names(english));
  });

  it('Chinese has the punctuation of Chinese', () => {
    for (const [, chinese] of pairs) expect(chinese).toMatch(/^[^,;?!]*[\p{Script=Han}\w`）][。？]$/u);
  });
});

const CAUSE: LogExplained['causes'][number] = {
  ...{ code: 'MB-304', certainty: 'possible', meaning: 'not-there', tool: 'git', step: null, stage: 'runc' },
  cause: SYMPTOMS.find(({ code }) => code === 'MB-304')?.cause ?? '',
  hint: SYMPTOMS.find(({ code }) => code === 'MB-304')?.hint ?? '',
  ...{ next: 'moby-build --reprobe', command: 'moby-build --reprobe', line: { number: 7, text: 'fatal: x' } },
  ...{ place: { file: 'Dockerfile', line: 88 }, host: 'git.example', mirror: 'ghfast' },
};
const LOG: LogExplained = {
  ...{ path: 'x.log', lines: 9, format: 'buildkit', outcome: 'explained', telling: [], ownCode: null },
  causes: [CAUSE],
};

describe('explain in Chinese', () => {
  beforeEach(() => speak('zh'));
  afterEach(() => speak('en'));

  it('shows causes; the line of the log and the command stay as they are', () => {
    const { stdout } = presentExplain({ command: 'explain', log: LOG, page: null }, page, style('zh'));
    expect(stdout.split('\n')).toEqual([
      '1. MB-304（可能）：git 镜像站没有源码树固定的提交：它落后了，或不完整。',
      '   7 | fatal: x',
      '     阶段 runc，Dockerfile:88',
      '     访问的主机：git.example（镜像站 ghfast）',
      `   ${HINTS_ZH[CAUSE.hint] ?? ''}`,
      '   下一步：moby-build --reprobe',
      '',
      '关于某个代码的更多信息：moby-build explain MB-304',
      '',
    ]);
  });

  it('shows the page of a symptom', () => {
    const { stdout } = presentExplain({ command: 'explain', log: null, page: codePage('MB-304') }, page, style('zh'));
    expect(stdout).toMatch(/^MB-304（其他程序的消息）\n\ngit 镜像站/u);
    expect(stdout).toContain('  含义：不存在\n');
    expect(stdout).toContain('示例：\n');
  });

  it('in English it is as it was', async () => {
    await speak('en');
    const { stdout } = presentExplain({ command: 'explain', log: LOG, page: null }, page, style('en'));
    expect(stdout).toContain('1. MB-304 (possible): The git mirror');
    expect(stdout).toContain('     in stage runc, Dockerfile:88\n     asked: git.example (mirror ghfast)\n');
  });
});
