import { describe, expect, it } from 'vitest';
import { parseRecord, type RunEntry } from '../../../src/report/facts/record.ts';
import { criticalPath, stepsOf } from '../../../src/report/facts/steps.ts';
import { BUILD, later, stepEntries } from './report-fixture.ts';

const TRY: RunEntry = { is: 'try', at: later(0) };

describe('stepsOf', () => {
  it('has starts, ends, cached steps and stages', () => {
    expect(
      stepsOf([TRY, ...BUILD]).map(({ number, stage, state, start, seconds }) => [
        number,
        stage,
        state,
        start,
        Math.round(seconds),
      ]),
    ).toEqual([
      [1, 'base', 'done', 0, 5],
      [2, 'base', 'done', 5, 20],
      [3, 'runc', 'done', 25.2, 35],
      [4, 'tini', 'done', 25.1, 5],
      [5, 'final', 'cached', 60.1, 0],
      [6, 'final', 'done', 60.3, 20],
    ]);
  });

  it('a step without an end ran until the last known moment', () => {
    const [open] = stepsOf([
      TRY,
      ...stepEntries(1, '[a 1/1] RUN x', 1, null),
      ...stepEntries(2, '[b 1/1] RUN y', 2, 9),
    ]);
    expect(open).toMatchObject({ state: 'running', start: 1, seconds: 8 });
  });

  it('one that took longer than it was shown began earlier, never before the build', () => {
    const entries: RunEntry[] = [TRY, { is: 'step', step: 1, what: 'started', ms: 9000, name: 'x', stage: null }];
    const done = (seconds: number): RunEntry => ({ is: 'step', step: 1, what: 'done', ms: 10_000, seconds });
    expect(stepsOf([...entries, done(6)])[0]).toMatchObject({ start: 4, seconds: 6 });
    expect(stepsOf([...entries, done(60)])[0]).toMatchObject({ start: 0, seconds: 10 });
  });

  it('numbers of steps begin anew with each try, on one clock', () => {
    const entries = [
      TRY,
      ...stepEntries(1, '[a 1/1] RUN x', 0, 2, 'failed'),
      { is: 'try', at: later(20) } as const,
      ...stepEntries(1, '[a 1/1] RUN x', 1, 3),
    ];
    expect(stepsOf(entries).map(({ attempt, state, start }) => [attempt, state, start])).toEqual([
      [1, 'failed', 0],
      [2, 'done', 21],
    ]);
  });

  it('leaves out an event of a step that never began', () => {
    expect(stepsOf([TRY, { is: 'step', step: 7, what: 'done', ms: 1 }])).toEqual([]);
  });
});

describe('criticalPath', () => {
  it('goes back from the step that ended last, and says how the order is known', () => {
    expect(criticalPath(stepsOf([TRY, ...BUILD])).map(({ step, because }) => [step.number, because])).toEqual([
      [1, null],
      [2, 'order'],
      [3, 'time'],
      [6, 'order'],
    ]);
  });

  it('takes the one that the Dockerfile puts before it, where two ended together', () => {
    const entries = [
      TRY,
      ...stepEntries(1, '[other 1/1] RUN x', 0, 10.2),
      ...stepEntries(2, '[dev.1 1/1] RUN y', 0, 10),
      ...stepEntries(3, '[a 1/2] RUN y', 0, 10.1),
      ...stepEntries(4, '[a 2/2] COPY --from=dev.1 / /', 10.3, 20),
    ];
    expect(criticalPath(stepsOf(entries)).map(({ step }) => step.number)).toEqual([3, 4]);
  });

  it('ends where nothing came before, and is empty without steps that worked', () => {
    expect(criticalPath(stepsOf([TRY, ...stepEntries(1, '[a 1/1] RUN x', 3, 4)]))).toMatchObject([
      { waited: 3, because: null },
    ]);
    expect(criticalPath(stepsOf([TRY, ...stepEntries(1, '[a 1/1] RUN x', 0, 0, 'cached')]))).toEqual([]);
    expect(criticalPath([])).toEqual([]);
  });
});

describe('parseRecord', () => {
  it('reads each line, and leaves out what is cut or of a kind that it does not know', () => {
    const text = [...BUILD.slice(0, 2), { is: 'later', x: 1 }].map((entry) => JSON.stringify(entry)).join('\n');
    expect(parseRecord(`${text}\n{"is":"step","st`)).toEqual({ entries: BUILD.slice(0, 2), unread: 2 });
    expect(parseRecord('')).toEqual({ entries: [], unread: 0 });
  });
});
