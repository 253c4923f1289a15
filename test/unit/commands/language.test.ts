import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/commands/context/language.ts';

describe('the language of sentences', () => {
  it.each([
    ['auto', {}, 'en'],
    ['auto', { LANG: 'zh_CN.UTF-8' }, 'zh'],
    ['auto', { LANG: 'zh_CN' }, 'zh'],
    ['auto', { LANG: 'zh_SG.GB18030' }, 'zh'],
    ['auto', { LANG: 'zh-Hans-CN' }, 'zh'],
    ['auto', { LANG: 'zh_Hans_HK.UTF-8' }, 'zh'],
    ['auto', { LANG: 'zh' }, 'zh'],
    ['auto', { LANG: 'zh.UTF-8' }, 'zh'],
    ['auto', { LANG: 'zh_TW.UTF-8' }, 'en'],
    ['auto', { LANG: 'zh_HK' }, 'en'],
    ['auto', { LANG: 'zhx' }, 'en'],
    ['auto', { LANG: 'C.UTF-8' }, 'en'],
    ['auto', { LANG: 'de_CH.UTF-8' }, 'en'],
    ['auto', { LC_ALL: 'C', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    ['auto', { LC_ALL: '', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, 'zh'],
    ['auto', { LC_MESSAGES: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    ['auto', { LC_CTYPE: 'zh_CN.UTF-8' }, 'en'],
    ['en', { LC_ALL: 'zh_CN.UTF-8' }, 'en'],
    ['zh', { LC_ALL: 'C' }, 'zh'],
  ] as const)('--lang %s with %j is %s', (wish, env, expected) => {
    expect(languageOf(wish, env)).toBe(expected);
  });
});
