import { beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { askedPoints } from '../../../src/mirrors/resolve/asked-points.ts';
import { servedModules, servedSuites } from '../../../src/mirrors/served/wanted.ts';
import { locate, nameOf } from '../../../src/mirrors/candidates/locate.ts';
import { asItIs, choicesOf, orderBy } from '../../../src/mirrors/probe/choices.ts';
import type { Need } from '../../../src/mirrors/candidates/need.ts';
import type { Resolution, Resolutions } from '../../../src/mirrors/resolve/resolutions.ts';
import { askedHosts } from '../../../src/run/audit/asked-hosts.ts';
import { wishesOf } from '../../../src/run/plan/image-wishes-of.ts';
import { decide, scanSource } from '../../../src/run/plan/make-plan.ts';
import { candidatesFor, needsOf } from '../../../src/run/plan/requests.ts';
import { begin } from '../../../src/run/begin.ts';
import { runChain } from '../../../src/run/stage/chain.ts';
import type { Io } from '../../../src/run/stage/io.ts';
import type { Measured, Sourced, SourceTree } from '../../../src/run/stage/stages.ts';
import { CHECKING } from '../../../src/run/steps.ts';
import { makeTargetOf } from '../../../src/moby/make-target.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import type { EgressPoint, Tree } from '../../../src/types.ts';
import { lightTree } from '../mirrors/fixtures.ts';

/** Stages in the shape of those that moby has from 23.0 on, with the image of vpnkit that a series takes. */
function laterTree(golang: string, suite: string, vpnkit: string): Tree {
  const text = `# syntax=docker/dockerfile:1
ARG GO_VERSION=${golang}
ARG BASE_DEBIAN_DISTRO="${suite}"
ARG GOLANG_IMAGE="golang:\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}"
ARG XX_VERSION=1.6.1
FROM --platform=$BUILDPLATFORM tonistiigi/xx:\${XX_VERSION} AS xx
FROM --platform=$BUILDPLATFORM \${GOLANG_IMAGE} AS base
COPY --from=xx / /
RUN apt-get update && apt-get install -y file
ENV GO111MODULE=off
FROM base AS tini-src
WORKDIR /usr/src/tini
RUN git init . && git remote add origin "https://github.com/krallin/tini.git"
ARG TINI_VERSION=v0.19.0
RUN git fetch -q --depth 1 origin "\${TINI_VERSION}" && git checkout -q FETCH_HEAD
FROM base AS winres
RUN go install github.com/tc-hib/go-winres@v0.3.0
FROM base AS key
ADD https://download.docker.com/linux/debian/gpg /key
FROM ${vpnkit} AS vpnkit
FROM base AS build
COPY --from=winres /go/bin /go/bin
RUN xx-apt-get install -y gcc
FROM scratch AS binary
COPY --from=build /build/ /
FROM scratch AS all
COPY --from=tini-src / /
COPY --from=key / /
COPY --from=vpnkit / /
COPY --from=build /build/ /
`;
  return new Map([
    ['Dockerfile', { text, mode: '100644' }],
    ['Makefile', { text: 'BAKE_CMD := x\n', mode: '100644' }],
  ]);
}

const DIGEST = `sha256:${'d'.repeat(64)}`;
const trees = new Map<string, Tree>();
beforeAll(async () => {
  trees.set('20.10', await lightTree());
  trees.set('23.0', laterTree('1.19.13', 'bullseye', 'djs55/vpnkit:0.5.0'));
  trees.set('26.1', laterTree('1.21.13', 'bookworm', 'djs55/vpnkit:0.5.0'));
  trees.set('28', laterTree('1.24.9', 'bookworm', 'moby/vpnkit-bin:0.6.0'));
  trees.set('29', laterTree('1.25.7', 'trixie', 'moby/vpnkit-bin:0.6.0'));
});

interface Run {
  readonly stage: Measured;
  readonly io: Io;
}

/** A run as it stands after the scan of its tree. */
async function scannedRun(name: string, args: readonly string[]): Promise<Run> {
  const line = await parseCommandLine(['build', '--profile', 'cn', '--with-deps', ...args], {
    ...{ env: { HOME: '/nonexistent' }, cwd: '/', nodeArch: 'x64' },
    readFile: () => Promise.resolve(null),
  });
  const about = { options: line.options, env: {}, notes: [], toolVersion: '0', line: [] };
  const { from, io } = begin('dry-run', about);
  const series = SERIES.find((each) => each.name === name);
  const files = trees.get(name);
  if (series === undefined || files === undefined) throw new Error(`no series ${name}`);
  const checked = await runChain(CHECKING, from, io);
  const source: SourceTree = {
    ...{ dir: '/', files, ref: `v${name}.0`, commit: null, committed: null, pin: 'unchecked' as const, series },
    ...{ clonedThrough: null, clonedFrom: null, receivedBytes: 0 },
  };
  const { target } = makeTargetOf(series, line.options.target, line.options.withDeps);
  const sourced: Sourced = {
    ...checked,
    source,
    target,
    machine: { is: 'unchecked' },
    outDir: '/out',
    logFile: '/log',
  };
  return {
    stage: {
      ...sourced,
      ...scanSource(sourced),
      crossing: [],
      excluded: [],
      base: null,
      spareBase: null,
      order: asItIs,
    },
    io,
  };
}

/** Every candidate that can be asked for an object, has it. */
function allHaveIt(stage: Measured, needs: readonly Need[]): Measured {
  const { catalogue } = stage;
  const finding = { outcome: 'ok', status: 200, reason: '', connectMs: 1, firstByteMs: 1, totalMs: 1 } as const;
  const officials = { apt: null, gomod: null, checksumDatabase: null };
  const probed = needs.map((need) => ({
    need,
    ranked: candidatesFor(stage, need)
      .filter((candidate) => !('miss' in locate(candidate, need, catalogue, officials)))
      .map((each) => ({ id: nameOf(each), base: '', finding: { ...finding, bytes: 1, bytesPerSecond: 1 } })),
  }));
  return { ...stage, order: orderBy(choicesOf(probed, 'cn', new Date(0)), needs) };
}

/** What is wrong with the requests of a run, held against what its plan does with each point. */
async function wrongRequests({ stage, io }: Run, needs: readonly Need[]): Promise<string[]> {
  const { scan } = stage;
  const hosts = await askedHosts(stage, io, scan);
  const { points } = scan;
  const measured = allHaveIt(stage, needs);
  const planned = await decide(measured, io, scan);
  const met = (id: string): Resolution | undefined => planned.points.find(({ pointId }) => pointId === id);
  const wrong: string[] = [];
  for (const { kind, key, points: ids } of needs) {
    if (ids.length === 0) wrong.push(`${kind} ${key}: for no point`);
    for (const id of ids) {
      const { via = 'none', mirror = null } = met(id) ?? {};
      if ((via !== 'mirror' && via !== 'upstream') || mirror === 'flag')
        wrong.push(`${kind} ${key}: ${id} is ${via} ${mirror ?? ''}`);
    }
  }
  for (const wish of await wishesOf(measured, io))
    for (const id of wish.platforms.flatMap((each) => each.points)) {
      const { via = 'none', mirror = null } = met(id) ?? {};
      if (via !== 'mirror' && via !== 'upstream') wrong.push(`digest of ${wish.reference}: ${id} is ${via}`);
      const byFlag = wish.places.every((place) => place.mirror === 'flag');
      if (byFlag !== (mirror === 'flag'))
        wrong.push(`digest of ${wish.reference}: asked of others than the plan names`);
    }
  const asked = new Set(needs.flatMap((need) => need.points));
  for (const { id, kind, inClosure } of points)
    if (inClosure && met(id)?.mirror === 'daocloud' && !asked.has(id)) wrong.push(`${kind} ${id}: asked of nobody`);
  const kinds = new Set<string>(needs.map(({ kind }) => kind));
  for (const { host, kind } of hosts) if (kind !== 'git' && !kinds.has(kind)) wrong.push(`${kind} ${host}: in audit`);
  return [...wrong, ...wrongServed(stage, planned, points)];
}

function wrongServed({ scan }: Measured, planned: Resolutions, points: readonly EgressPoint[]): string[] {
  const met = (kind: EgressPoint['kind']): boolean =>
    points.some(({ inClosure, ...point }, index) => {
      const via = planned.points[index]?.via;
      return inClosure && point.kind === kind && (via === 'mirror' || via === 'upstream');
    });
  return [
    ...(met('apt') || met('apt-source') ? [] : servedSuites(scan, planned).map(({ suite }) => `date of ${suite}`)),
    ...(met('gomod') ? [] : servedModules(scan, planned).map(({ path }) => `sum of ${path}`)),
  ];
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  'without vpnkit': ['--without', 'vpnkit'],
  'an image of golang': ['--image', `golang=reg.example/golang:1.24-bookworm@${DIGEST}`],
  'an image of golang by tag': ['--image', 'golang=reg.example/golang:1.24-bookworm'],
  'golang by build argument': ['--build-arg', `GOLANG_IMAGE=reg.example/golang:1@${DIGEST}`],
  'a frontend': ['--frontend', `reg.example/dockerfile:1@${DIGEST}`],
  'no frontend': ['--mirror', 'frontend=builtin'],
  'a registry': ['--mirror', 'image=reg.example/{image}'],
  'a registry of the catalogue': ['--mirror', 'image=1ms'],
  'the official registry': ['--mirror', 'image=official'],
  'an apt mirror': ['--mirror', 'apt=http://apt.example'],
  'security alone': ['--mirror', 'apt-security=http://sec.example'],
  'a git mirror': ['--mirror', 'git=https://git.example/{owner}/{repo}.git'],
  'a Go proxy': ['--mirror', 'gomod=https://go.example'],
  'a mirror of downloads': ['--mirror', 'http=https://get.example/{host}/{path}'],
  'another release': ['--suite', 'bookworm'],
};
const CASES = ['20.10', '23.0', '28'].flatMap((series) =>
  Object.keys(FLAGS).map((flag): [string, string] => [series, flag]),
);

describe('what a run asks of mirrors', () => {
  it.each(CASES)('for %s with %s belongs to a point that its plan takes from one of them', async (series, flag) => {
    for (const more of [[], ['--without', 'vpnkit']]) {
      const run = await scannedRun(series, [...new Set([...(FLAGS[flag] ?? []), ...more])]);
      const needs = await needsOf(run.stage, run.io);
      expect(needs.length).toBeGreaterThan(2);
      expect(await wrongRequests(run, needs), more.join(' ')).toEqual([]);
    }
  });

  const needsFor = async (...run: Parameters<typeof scannedRun>): Promise<readonly Need[]> => {
    const { stage, io } = await scannedRun(...run);
    return needsOf(stage, io);
  };
  const namesOf = async ({ stage, io }: Run): Promise<string[]> => [
    ...(await needsOf(stage, io)).map(({ kind, key }) => `${kind} ${key}`),
    ...(await wishesOf(stage, io)).map(({ reference }) => `digest ${reference}`),
  ];

  it.each(['20.10', '23.0', '26.1', '28', '29'])(
    'of %s names vpnkit, and with --without vpnkit it does not',
    async (series) => {
      expect((await namesOf(await scannedRun(series, []))).join('\n')).toContain('vpnkit');
      expect((await namesOf(await scannedRun(series, ['--without', 'vpnkit']))).join('\n')).not.toContain('vpnkit');
    },
  );

  it('is of the release that the build moves to, also where an image says which', async () => {
    const suites = async (...args: string[]): Promise<string[]> =>
      (await needsFor('23.0', args)).filter(({ kind }) => kind === 'apt').map(({ key }) => key);
    expect(await suites()).toEqual(['bullseye']);
    expect(await suites('--image', `golang=reg.example/golang:1.24-bookworm@${DIGEST}`)).toEqual(['bookworm']);
  });

  it('leaves security updates out where a flag says who has them', async () => {
    const roots = async (...args: string[]): Promise<string[]> =>
      (await needsFor('28', args)).flatMap(({ wanted }) =>
        wanted.is === 'suites' ? wanted.suites.map(({ root }) => root) : [],
      );
    expect(await roots()).toContain('debian-security');
    expect(await roots('--mirror', 'apt-security=http://sec.example')).toEqual(['debian', 'debian']);
  });

  it('holds every point of the closure that a mirror of the profile serves', async () => {
    const { stage, io } = await scannedRun('28', []);
    const ids = (await needsOf(stage, io)).flatMap(({ points }) => points);
    const planned = await decide(stage, io, stage.scan);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      askedPoints(stage.scan, planned)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });
});
