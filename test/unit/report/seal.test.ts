import { expect, it } from 'vitest';
import type { SealFacts } from '../../../src/document/parts.ts';
import { runFacts } from '../../../src/report/facts/model.ts';
import { parseRecord } from '../../../src/report/facts/record.ts';
import { entriesOf } from '../../../src/run/stage/record-facts.ts';

const seal: SealFacts = {
  ...{ mechanism: 'proxy', canary: 'connection refused', planned: ['deb.example'] },
  contacted: [{ host: 'deb.example', requests: 12, received: 2_000_000, sent: 4000 }],
  refused: [{ host: 'tracker.example', requests: 1 }],
};

it('a sealed build leaves in its record whom it contacted, once, and a report reads it', () => {
  expect(entriesOf({ seal }, { seal })).toEqual([]);
  expect(entriesOf({}, { seal: null })).toEqual([]);
  const entries = entriesOf({}, { seal });
  const read = parseRecord(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  expect(read.unread).toBe(0);
  expect(runFacts(read.entries).seal).toEqual(seal);
  expect(runFacts([]).seal).toBeNull();
});
