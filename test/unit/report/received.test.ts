import { describe, expect, it } from 'vitest';
import { BuildProgress } from '../../../src/make/progress/progress.ts';
import { runFacts } from '../../../src/report/facts/model.ts';
import { receivedOf } from '../../../src/report/facts/received.ts';
import type { RunEntry } from '../../../src/report/facts/record.ts';
import { renderReport } from '../../../src/report/render.ts';
import { recordOf } from './report-fixture.ts';

type Point = Extract<RunEntry, { is: 'plan' }>['points'][number];
const point = (more: Partial<Point>): Point => ({
  ...{ id: 'x', file: 'Dockerfile', line: 1, stage: 'base', kind: 'apt', url: 'apt.example' },
  ...{ inClosure: true, via: 'mirror', mirror: 'ustc' },
  ...more,
});
const POINTS = [
  point({ kind: 'image', url: 'docker.io/library/golang:1.16', mirror: 'daocloud' }),
  point({ kind: 'image', url: 'docker.io/djs55/vpnkit:0.5.0', mirror: '1ms' }),
  point({}),
  point({ stage: 'two', url: 'apt.example/debian-security', mirror: 'tuna' }),
  point({ stage: 'two' }),
  point({ stage: 'add', kind: 'http', url: 'https://example.com/a/x.tgz', via: 'upstream', mirror: null }),
  point({ stage: 'out', inClosure: false, mirror: 'never' }),
];

/** A record of steps that fetched so many bytes. */
function recordWith(...steps: readonly (readonly [name: string, bytes: number])[]): RunEntry[] {
  const entries = steps.flatMap(([name, bytes], index): RunEntry[] => [
    { is: 'step', step: index, what: 'started', ms: 0, name, stage: /^\[(\w+)/u.exec(name)?.[1] ?? null },
    { is: 'step', step: index, what: 'done', ms: 1000, seconds: 1, bytes },
  ]);
  return recordOf(entries).map((entry) => (entry.is === 'plan' ? { ...entry, points: POINTS } : entry));
}

describe('what each mirror sent', () => {
  it.each([
    [
      'the layers of an image',
      '[base 1/2] FROM docker.m.daocloud.io/library/golang:1.16@sha256:00',
      'image',
      'daocloud',
    ],
    ['another image', '[v 1/1] FROM docker.1ms.run/djs55/vpnkit:0.5.0', 'image', '1ms'],
    ['an image with a like name', '[v 1/1] FROM docker.1ms.run/djs55/vpnkit:0.5.0-rc1', 'image', null],
    ['packages', '[base 2/2] RUN apt-get update', 'apt', 'ustc'],
    ['packages of two mirrors', '[two 1/1] RUN apt-get update', 'apt', null],
    ['packages where no point is used', '[out 1/1] RUN apt-get update', 'apt', null],
    ['a file of ADD', '[add 1/1] ADD https://mirror.example/x.tgz /', 'http', 'upstream'],
  ] as const)('%s: %s is of %s, %s', (_, name, kind, mirror) => {
    const received = receivedOf(runFacts(recordWith([name, 5000])));
    expect(received).toEqual([
      { kind: 'source', mirror: 'ghfast', bytes: 12_345_678 },
      { kind, mirror, bytes: 5000 },
    ]);
  });

  it('is one sum for a mirror and a kind, the most first', () => {
    const apt = '[base 2/2] RUN apt-get update';
    expect(receivedOf(runFacts(recordWith([apt, 20e6], [apt, 1e6]))).map(({ bytes }) => bytes)).toEqual([
      21e6, 12_345_678,
    ]);
  });

  it('stands below the egress points, in both languages and forms', () => {
    const report = { run: runFacts(recordWith(['[base 2/2] RUN apt-get update', 20e6])), before: null };
    expect(renderReport(report, 'markdown', 'en')).toContain(
      '| apt | `ustc` | 20.0 MB |\n| source of moby | `ghfast` | 12.3 MB |',
    );
    expect(renderReport(report, 'html', 'zh')).toContain('每个镜像站的下载量');
  });

  it('comes from what BuildKit and apt say of a step', () => {
    const progress = new BuildProgress();
    const events = [
      '#5 [base 1/2] FROM x',
      '#5 sha256:aa 1.5MB / 3MB',
      '#5 sha256:aa 3MB / 3MB done',
      '#5 transferring context: 9MB done',
      '#5 DONE 1.0s',
      '#6 [base 2/2] RUN apt-get',
      '#6 0.5 Fetched 2,000 kB in 1s (8,580 kB/s)',
      '#6 DONE 1.0s',
    ].flatMap((line) => progress.feed(line, 0));
    const done = events.flatMap((event) => (event.type === 'done' ? [event.bytes] : []));
    expect(done).toEqual([3e6, 2e6]);
  });
});
