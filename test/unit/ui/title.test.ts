import { describe, expect, it } from 'vitest';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { hasTitle, titleOn } from '../../../src/ui/terminal/title.ts';

describe('the title of the terminal', () => {
  it.each([
    [true, true, 'xterm-256color', true],
    [true, true, 'tmux-256color', true],
    [true, true, 'linux', false],
    [true, true, 'dumb', false],
    [true, true, undefined, false],
    [false, true, 'xterm', false],
    [true, false, 'xterm', false],
  ])('with a list that is drawn: %s, on a terminal: %s, TERM=%s: %s', (live, isTTY, TERM, expected) => {
    expect(hasTitle(live, { isTTY, env: { TERM } })).toBe(expected);
  });

  it('is kept, set where it changes, and taken back when the process leaves', () => {
    let text = '';
    const title = titleOn((more) => (text += more));
    expect(text).toBe('');
    for (const each of ['one', 'one', 'two\u0007\u001b]2;evil', 'x'.repeat(200)]) title(each);
    runCleanups();
    expect(text).toBe(
      [
        '\u001b[22;2t\u001b]2;one\u0007',
        '\u001b]2;two\ufffd\ufffd]2;evil\u0007',
        `\u001b]2;${'x'.repeat(80)}\u0007`,
        '\u001b]2;\u0007\u001b[23;2t',
      ].join(''),
    );
    runCleanups();
    expect(text.match(/\u001b\[23;2t/gu)).toHaveLength(1);
  });

  it('nothing is taken back that was never set', () => {
    let text = '';
    titleOn((more) => (text += more));
    runCleanups();
    expect(text).toBe('');
  });
});
