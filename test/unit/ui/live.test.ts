import { describe, expect, it } from 'vitest';
import { throttled } from '../../../src/ui/live.ts';

function recorder() {
  let time = 0;
  const shown: string[] = [];
  const line = throttled(
    (text) => shown.push(`${time} ${text}`),
    100,
    () => time,
  );
  return { shown, line, at: (moment: number) => (time = moment) };
}

describe('throttled', () => {
  it('shows the first at once, then at most one in an interval, the newest', () => {
    const { shown, line, at } = recorder();
    for (let moment = 0; moment < 250; moment += 10) {
      at(moment);
      line.update(`step ${moment}`);
    }
    expect(shown).toEqual(['0 step 0', '100 step 100', '200 step 200']);
    line.flush();
    expect(shown.at(-1)).toBe('240 step 240');
  });

  it('never shows the same text twice in a row', () => {
    const { shown, line, at } = recorder();
    line.update('a');
    at(200);
    line.update('a');
    line.flush();
    expect(shown).toEqual(['0 a']);
  });

  it('has nothing to flush when all was shown', () => {
    const { shown, line } = recorder();
    line.flush();
    line.update('a');
    line.flush();
    expect(shown).toEqual(['0 a']);
  });
});
