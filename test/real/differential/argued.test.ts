import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ARGUED } from './argued.ts';
import { compareAll, withOracle } from './setup.ts';

const rows = [
  ...readFileSync(new URL('../../../docs/parsers.md', import.meta.url), 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm),
].map((match) => match[1]);

describe('differences from BuildKit and mvdan.cc/sh that stay', () => {
  test('each has a row in docs/parsers.md, and each row is one of them', () => {
    expect([...rows].sort()).toEqual(ARGUED.map(({ id }) => id).sort());
  });

  for (const argued of ARGUED) {
    const { id, kind, example } = argued;
    withOracle(`${id} is still there, and its exception covers no more than it`, async () => {
      const [shown] = await compareAll([{ kind, name: id, text: example }]);
      const differences = shown?.differences ?? [];
      expect(differences.length).toBeGreaterThan(0);
      expect(differences.filter((difference) => !argued.applies(difference, example, differences))).toEqual([]);
      const made = { what: 'keywords', line: 1, ours: [[1, 'FROM']], theirs: [[1, 'RUN']] };
      expect(argued.applies(made, example, [made])).toBe(false);
    });
  }
});
