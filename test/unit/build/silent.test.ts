import { describe, expect, it } from 'vitest';
import { BuildProgress } from '../../../src/make/progress/progress.ts';

describe('silent', () => {
  /** What is silent for a minute, when `lines` came at their seconds. */
  function silentAt(second: number, lines: readonly (readonly [number, string])[]): readonly [string, number][] {
    const progress = new BuildProgress();
    for (const [at, line] of lines) progress.feed(line, at * 1000);
    return progress.silent(second * 1000, 60_000).map(({ name, silentMs }) => [name, silentMs / 1000]);
  }
  const NAME = [0, '#1 [base 1/1] FROM golang'] as const;

  it('are the running steps that printed nothing, the longest silent first', () => {
    const lines = [
      NAME,
      [10, '#2 [tini 1/1] RUN git clone'],
      [20, '#1 0.1 a'],
      [20, '#3 [a 1/1] RUN b'],
      [21, '#3 DONE 1s'],
    ] as const;
    expect(silentAt(69, lines)).toEqual([]);
    expect(silentAt(90, lines)).toEqual([
      ['[tini 1/1] RUN git clone', 80],
      ['[base 1/1] FROM golang', 70],
    ]);
  });

  it.each([
    ['log', '#1 50.1 Get:1', 0],
    ['bytes', '#1 sha256:ab 2MB / 9MB 50.0s', 0],
    ['unpacking', '#1 extracting sha256:ab 5.0s', 0],
    ['the same bytes again', '#1 sha256:ab 1MB / 9MB 50.0s', 1],
    ['a pause', '#1 ...', 1],
    ['its name again', '#1 [base 1/1] FROM golang', 1],
    ['another step', '#2 [b 1/1] RUN c', 1],
  ])('%s', (_what, line, count) => {
    const lines = [NAME, [5, '#1 sha256:ab 1MB / 9MB 5.0s'], [50, line]] as const;
    expect(silentAt(100, lines)).toHaveLength(count);
  });
});
