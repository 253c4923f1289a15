import { describe, expect, it } from 'vitest';
import { BuildProgress } from '../../../src/make/progress/progress.ts';
import { whyQuiet } from '../../../src/make/progress/quiet.ts';
import { shareOf, timesOf } from '../../../src/make/progress/share.ts';

const BASE = '[base 1/2] RUN apt-get update';
const MAKE = '[build 1/1] RUN hack/make.sh binary';
const TINI = '[tini 1/1] RUN cmake';
const TIMES = { [BASE]: 20, [MAKE]: 70, [TINI]: 10 };

/** A build of which these lines were seen, each at its second. */
function built(...lines: readonly (readonly [seconds: number, line: string])[]): BuildProgress {
  const progress = new BuildProgress();
  for (const [seconds, line] of lines) progress.feed(line, seconds * 1000);
  return progress;
}

const begun = built([0, `#5 ${BASE}`], [20, '#5 DONE 20.0s'], [20, `#6 ${TINI}`], [20, `#7 ${MAKE}`]);

describe('the share of a build that is done', () => {
  it.each([
    ['steps that are done count whole, those that run by their time', 24, 0.2 + 0.04 + 0.04],
    ['a step that takes longer than last time is not done', 40, 0.2 + 0.095 + 0.2],
    ['a build that takes longer than last time is not whole', 4000, 0.2 + 0.095 + 0.665],
  ])('by the times of the last build: %s', (_, seconds, share) => {
    expect(shareOf(begun.summary(seconds * 1000), { times: TIMES, steps: 0 })).toBeCloseTo(share, 5);
  });

  it('a step from the cache is done, whatever it took last time', () => {
    const cached = built([0, `#5 ${BASE}`], [0, '#5 CACHED'], [0, `#7 ${MAKE}`]);
    expect(shareOf(cached.summary(35_000), { times: TIMES, steps: 0 })).toBeCloseTo(0.2 + 0.35, 5);
  });

  it.each([
    ['nothing', { times: {}, steps: 0 }, null],
    ['the number of steps of the plan', { times: {}, steps: 8 }, 1 / 8],
    ['fewer steps than there are', { times: {}, steps: 1 }, 1 / 3],
    ['the times of another build', { times: { '[other 1/9] RUN x': 50 }, steps: 8 }, 1 / 8],
  ])('with %s', (_, expected, share) => {
    expect(shareOf(begun.summary(), expected)).toBe(share);
  });

  it('is never whole before the end, and grows while nothing is said', () => {
    const expected = { times: TIMES, steps: 3 };
    const shares = [20, 21, 30, 60, 90, 900].map((at) => shareOf(begun.summary(at * 1000), expected) ?? 0);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(Math.max(...shares)).toBeLessThan(1);
    const whole = built([0, `#5 ${BASE}`], [20, '#5 DONE 20.0s'], [20, `#7 ${MAKE}`], [90, '#7 DONE 70.0s']);
    expect(shareOf(whole.summary(), { times: { [BASE]: 20, [MAKE]: 70 }, steps: 2 })).toBe(0.99);
  });

  it('the times of a build are those of the steps that worked', () => {
    const { steps } = built(
      [0, `#5 ${BASE}`],
      [0, '#5 CACHED'],
      [0, `#6 ${TINI}`],
      [0.2, '#6 DONE 0.2s'],
      [1, `#7 ${MAKE}${' x'.repeat(200)}`],
      [71, '#7 DONE 70.0s'],
    ).summary();
    expect(Object.entries(timesOf(steps))).toEqual([[expect.stringMatching(/^\[build 1\/1\].{189}$/u), 70]]);
  });
});

describe('a step that says nothing', () => {
  it('is told with the seconds since it spoke', () => {
    const speaks = built([0, `#7 ${MAKE}`], [30, '#7 30.1 Created binary']);
    expect(speaks.summary(150_000).current).toMatchObject({ seconds: 150, quiet: 120 });
  });

  it.each([
    [MAKE, 'compiles'],
    ['[linux/amd64 runc 3/3] RUN --mount=type=cache,target=/x PREFIX=/build /tmp/install/install.sh runc', 'go'],
    ['[delve 2/2] RUN go install github.com/go-delve/delve/cmd/dlv@v1', 'go'],
    ['[src 2/2] RUN git fetch -q --depth 1 origin v1', 'git'],
    [BASE, 'apt'],
    ['[base 1/6] FROM docker.io/library/golang:1.16@sha256:00', 'image'],
    ['exporting to client directory', 'exports'],
    [TINI, 'other'],
  ])('%s: %s', (name, reason) => {
    expect(whyQuiet(name)).toBe(reason);
  });
});
