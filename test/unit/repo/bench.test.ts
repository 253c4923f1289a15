import { describe, expect, it } from 'vitest';
import type { Row } from '../../../bench/table.ts';
import { isMet, markdown, ratioOf } from '../../../bench/table.ts';

const row = (more: Partial<Row>): Row => ({
  section: 'sources',
  what: 'cold: bytes',
  value: 25,
  unit: 'MB',
  against: { what: 'by hand', value: 500 },
  aim: null,
  ...more,
});

describe('the table of npm run bench', () => {
  it.each<[string, Partial<Row>, number | null, boolean | null]>([
    ['a ratio without an aim', {}, 0.05, null],
    ['a ratio that is small enough', { aim: 0.05 }, 0.05, true],
    ['a ratio that is too large', { aim: 0.04 }, 0.05, false],
    ['a value alone', { against: null, aim: 30 }, null, true],
    ['a value alone that is too large', { against: null, aim: 24 }, null, false],
    ['nothing on the other side', { against: { what: 'by hand', value: 0 }, aim: 30 }, null, true],
  ])('judges %s', (_, more, ratio, met) => {
    expect(ratioOf(row(more))).toBe(ratio);
    expect(isMet(row(more))).toBe(met);
  });

  it('says what is missed', () => {
    const text = markdown([row({}), row({ what: 'warm: bytes', value: 1.5, against: null, aim: 0 })]);
    expect(text.split('\n').at(-2)).toMatch(/^\| sources \| cold: bytes \| 25\.0 MB +\| by hand: 500 MB \| 0\.050 \|/u);
    expect(text.split('\n').at(-1)).toContain('≤ 0: missed');
    expect(new Set(text.split('\n').map((line) => line.length)).size).toBe(1);
  });
});
