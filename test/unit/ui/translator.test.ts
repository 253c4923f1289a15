import { describe, expect, it } from 'vitest';
import { translatorOf } from '../../../src/ui/speech/translator.ts';

const translate = translatorOf({
  clock: '时钟',
  'Nothing was checked.': '没有检查任何东西。',
  '{1} is not there.': '{1} 不存在。',
  '{1} is not there, and nobody asked.': '{1} 不存在，也无人询问。',
  'the answer of {1}': '{1} 的应答',
  '{1} could not be read: {2}': '无法读取 {1}：{2}',
  '{1} {file is|files are} gone.': '{1} 个文件已不在。',
  'Write {{url}} behind {1}.': '请在 {1} 之后写 {{url}}。',
  'if you mean that one': '如果要用的是它',
  'to {1}': '到 {1}',
  'is no option{1}': '不是选项{1}',
  '; did you mean {1}?': '；您是指 {1} 吗？',
});

describe('translatorOf', () => {
  it.each([
    ['clock', '时钟'],
    ['/tmp/a is not there.', '/tmp/a 不存在。'],
    ['a.b is not there, and nobody asked.', 'a.b 不存在，也无人询问。'],
    ['1 file is gone.', '1 个文件已不在。'],
    ['7 files are gone.', '7 个文件已不在。'],
    ['Write {url} behind git.', '请在 git 之后写 {url}。'],
    ['f could not be read: the answer of host.example', '无法读取 f：host.example 的应答'],
    ['Nothing was checked. /a is not there.', '没有检查任何东西。/a 不存在。'],
    ['docker context use x   # if you mean that one', 'docker context use x   # 如果要用的是它'],
    ['--rev is no option; did you mean --ref?', '--rev 不是选项；您是指 --ref 吗？'],
    ['moby-build.yaml:3:8 rev is no option', 'moby-build.yaml:3:8 rev 不是选项'],
    ['Dockerfile:1 a/b (the answer of host.example)', 'Dockerfile:1 a/b（host.example 的应答）'],
    ['docker.io: the answer of host.example', 'docker.io：host.example 的应答'],
  ])('%s', (english, chinese) => {
    expect(translate(english)).toBe(chinese);
  });

  it('keeps lines, colours, indentation and columns', () => {
    expect(translate('\u001b[33m/a is not there.\u001b[39m\n  Nothing was checked.\n')).toBe(
      '\u001b[33m/a 不存在。\u001b[39m\n  没有检查任何东西。\n',
    );
    expect(translate('a  the answer of b       x\n')).toBe('a  b 的应答              x\n');
  });

  it('leaves what it does not have, names that look like words, and what is too short to be meant', () => {
    for (const text of [
      'blocked; moved; since 2023',
      'One thing. Another thing.',
      'Something new.',
      'the clock of the tower',
      'clock  clock',
      'to the end',
      '',
      '\n',
      'a\n\nb',
    ])
      expect(translate(text)).toBe(text);
  });

  it('leaves paths and quoted words in a sentence as they are, whatever words they hold', () => {
    const path = '/srv/nothing is not there, and';
    expect(translate(`${path}/x could not be read: EIO`)).toBe(`无法读取 ${path}/x：EIO`);
    expect(translate("f could not be read: '$& {1} is not there.'")).toBe("无法读取 f：'$& {1} is not there.'");
  });

  it('is quick with long lines and with many holes', () => {
    expect(translate(`${'x is '.repeat(1000)}not there.`)).toContain('x is');
    expect(translate(`could not be read: ${': '.repeat(300)}`)).toContain(': ');
  });
});
