import type { RunEntry } from '../../../src/report/facts/record.ts';

const AT = '2026-01-02T03:04:05.000Z';
export const later = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1000).toISOString();

/** A step from `start` to `end` (seconds), as the record has it. */
export function stepEntries(
  step: number,
  name: string,
  start: number,
  end: number | null,
  what: 'done' | 'failed' | 'cached' = 'done',
): RunEntry[] {
  const stage = /^\[([\w-]+) +\d+\/\d+\]/u.exec(name)?.[1] ?? null;
  return [
    { is: 'step', step, what: 'started', ms: start * 1000, name, stage },
    ...(end === null ? [] : [{ is: 'step', step, what, ms: end * 1000 } as const]),
  ];
}

/** What a run that built leaves; `more` stands before its end. */
export function recordOf(more: readonly RunEntry[], end: Partial<Extract<RunEntry, { is: 'end' }>> = {}): RunEntry[] {
  return [
    {
      is: 'begin',
      tool: '0.1.0',
      at: AT,
      line: ['build', '--ref', 'v20.10.12'],
      asked: { ref: 'v20.10.12', profile: 'cn' },
    },
    {
      ...{ is: 'source', ref: 'v20.10.12', commit: 'a'.repeat(40), series: '20.10', pin: 'table', through: 'ghfast' },
      ...{ receivedBytes: 12_345_678, outDir: '/out', log: '/work/build.log' },
    },
    {
      ...{ is: 'plan', target: 'binary', platform: 'linux/amd64', profile: 'cn', command: 'make binary' },
      points: [
        {
          id: 'runc/git',
          file: 'Dockerfile',
          line: 12,
          stage: 'runc',
          kind: 'git',
          url: 'https://github.com/opencontainers/runc.git',
          inClosure: true,
          via: 'mirror',
          mirror: 'ghfast',
        },
        {
          id: 'dev/http',
          file: 'Dockerfile',
          line: 90,
          stage: 'dev',
          kind: 'http',
          url: 'https://example.com/x',
          inClosure: false,
          via: 'none',
          mirror: null,
        },
      ],
      images: [
        {
          kind: 'image',
          name: 'golang',
          reference: 'docker.io/library/golang:1.16',
          platform: 'linux/amd64',
          digest: `sha256:${'1'.repeat(64)}`,
          basis: 'operators',
          mirror: 'daocloud',
          operators: [{ operator: 'DaoCloud', mirror: 'daocloud' }],
          witnesses: [],
        },
      ],
    },
    { is: 'try', at: later(10) },
    ...more,
    {
      is: 'verified',
      binaries: [
        {
          name: 'dockerd',
          path: '/out/dockerd',
          bytes: 98_000_000,
          sha256: 'b'.repeat(64),
          machine: 'x86_64',
          static: true,
          version: 'Docker version 20.10.12',
        },
      ],
      checks: [{ id: 'one-machine', title: 'Linkage', result: 'ok', seen: 'static', fix: null, seconds: 0 }],
    },
    { is: 'end', at: later(100), exitCode: 0, error: null, downloadedBytes: 5_000_000, ...end },
  ];
}

/** A small build: two stages side by side, then one that copies from both. */
export const BUILD: readonly RunEntry[] = [
  ...stepEntries(1, '[base 1/2] FROM docker.io/library/golang', 0, 5),
  ...stepEntries(2, '[base 2/2] RUN apt-get update', 5, 25),
  ...stepEntries(3, '[runc 1/1] RUN make runc', 25.2, 60),
  ...stepEntries(4, '[tini 1/1] RUN make tini', 25.1, 30),
  ...stepEntries(5, '[final 1/2] COPY --from=tini /build /build', 60.1, 60.2, 'cached'),
  ...stepEntries(6, '[final 2/2] RUN --mount=from=runc,target=/r hack/make.sh', 60.3, 80),
];
