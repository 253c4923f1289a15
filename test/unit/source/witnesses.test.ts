import { describe, expect, it } from 'vitest';
import { judgeWitnesses, mayBeNewer, type TagAnswer } from '../../../src/moby/witnesses.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const says = (mirror: string, operator: string, commit: string | null): TagAnswer => ({
  ...{ mirror, operator, commit, fault: null },
});
const silent = (mirror: string): TagAnswer => ({ mirror, operator: mirror, commit: null, fault: 'timed out' });

describe('mayBeNewer', () => {
  it.each([
    ['docker-v29.99.0', true],
    ['docker-v30.0.0', true],
    ['docker-v30.1.0-rc.1', true],
    ['v25.0.99', true],
    // In the table.
    ['docker-v29.7.2', false],
    // Series that have ended, and names that moby does not write so.
    ['v20.10.99', false],
    ['v28.9.9', false],
    ['docker-v28.9.9', false],
    ['v29.99.0', false],
    ['29.99.0', false],
    ['master', false],
    ['docker-v29', false],
  ])('%s: %s', (ref, expected) => {
    expect(mayBeNewer(ref)).toBe(expected);
  });
});

describe('judgeWitnesses', () => {
  it.each<[string, readonly TagAnswer[], readonly string[]]>([
    ['the official server alone', [says('source', 'official', A), silent('m')], ['source']],
    ['two operators', [silent('source'), says('m', 'x', A), says('n', 'y', A)], ['m', 'n']],
    ['a mirror that is behind', [says('source', 'official', A), says('m', 'x', null)], ['source']],
  ])('%s', (_, answers, witnesses) => {
    expect(judgeWitnesses('docker-v29.99.0', answers)).toEqual({ commit: A, witnesses });
  });

  it.each<[string, readonly TagAnswer[], { code: string; exitCode: number }]>([
    ['two commits', [says('m', 'x', A), says('n', 'y', B)], { code: 'witnesses-differ', exitCode: 4 }],
    [
      'two commits, one of them from the official server',
      [says('source', 'official', A), says('n', 'y', B)],
      { code: 'witnesses-differ', exitCode: 4 },
    ],
    ['one mirror', [silent('source'), says('m', 'x', A)], { code: 'no-witness', exitCode: 5 }],
    ['two mirrors of one operator', [says('m', 'x', A), says('n', 'x', A)], { code: 'no-witness', exitCode: 5 }],
    ['nobody', [silent('source'), silent('m')], { code: 'no-witness', exitCode: 5 }],
    ['servers without the tag', [says('source', 'official', null), silent('m')], { code: 'unknown-ref', exitCode: 2 }],
  ])('%s', (_, answers, failure) => {
    expect(() => judgeWitnesses('docker-v29.99.0', answers)).toThrow(expect.objectContaining(failure) as Error);
  });

  it('names everybody who was asked, and what they said', () => {
    expect(() => judgeWitnesses('docker-v29.99.0', [silent('source'), says('m', 'x', A)])).toThrow(
      `source: timed out\n  m: ${A}`,
    );
  });
});
