import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/ui/colours.ts';
import { chooseRenderer, wantsColours } from '../../../src/ui/renderer.ts';

const XTERM = { TERM: 'xterm-256color' };

describe('chooseRenderer', () => {
  it.each([
    ['a terminal', {}, true, XTERM, 'default'],
    ['a pipe', {}, false, XTERM, 'simple-lines'],
    ['CI with a terminal', {}, true, { ...XTERM, CI: 'true' }, 'simple-lines'],
    ['CI taken back', {}, true, { ...XTERM, CI: 'false' }, 'default'],
    ['a dumb terminal', {}, true, { TERM: 'dumb' }, 'simple-lines'],
    ['--json on a terminal', { json: true }, true, XTERM, 'simple-lines'],
    ['--quiet on a terminal', { quiet: true }, true, XTERM, 'silent'],
    ['--quiet in a pipe', { quiet: true, json: true }, false, { CI: '1' }, 'silent'],
  ])('%s', (_case, options, isTTY, env, choice) => {
    expect(chooseRenderer({ json: false, quiet: false, ...options }, { isTTY, env })).toBe(choice);
  });
});

describe('wantsColours', () => {
  it.each([
    ['auto', true, XTERM, true],
    ['auto', false, XTERM, false],
    ['auto', true, { ...XTERM, NO_COLOR: '1' }, false],
    ['auto', true, { ...XTERM, NO_COLOR: '' }, true],
    ['auto', true, { TERM: 'dumb' }, false],
    ['auto', false, { CI: 'true', GITHUB_ACTIONS: 'true' }, false],
    ['always', false, { NO_COLOR: '1' }, true],
    ['never', true, XTERM, false],
  ] as const)('--color %s, terminal %s, %j: %s', (color, isTTY, env, expected) => {
    expect(wantsColours(color, { isTTY, env })).toBe(expected);
  });

  it('is what createColours then does', () => {
    expect(createColours(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(createColours(false).red('x')).toBe('x');
  });
});
