import { describe, expect, it } from 'vitest';
import { blamePoint } from '../../../src/make/progress/blame.ts';
import { buildFailure } from '../../../src/make/progress/build-failure.ts';
import { BuildProgress } from '../../../src/make/progress/progress.ts';
import type { FailedStep } from '../../../src/make/progress/step-state.ts';
import type { MetPoint } from '../../../src/types.ts';

function point(changes: Partial<MetPoint>): MetPoint {
  return {
    id: 'runc/git',
    file: 'hack/dockerfile/install/runc.installer',
    line: 19,
    netLines: [19],
    stage: 'runc',
    kind: 'git',
    url: 'https://github.com/opencontainers/runc.git',
    host: 'github.com',
    inClosure: true,
    anchor: null,
    via: 'none',
    mirror: null,
    reason: '',
    ...changes,
  };
}

function failed(changes: Partial<FailedStep>): FailedStep {
  return { name: '[runc 1/1] RUN x', stage: 'runc', message: 'exit code: 128', telling: [], lines: [], ...changes };
}

const RUNC = point({});
const CONTAINERD = point({
  id: 'containerd/git',
  stage: 'containerd',
  url: 'https://github.com/containerd/containerd.git',
  file: 'c.installer',
});
const FRONTEND = point({
  id: '(frontend)/frontend',
  stage: '(frontend)',
  kind: 'frontend',
  url: 'docker.io/docker/dockerfile:1.2',
  host: 'docker.io',
  file: 'Dockerfile',
  line: 1,
});
const GOLANG = point({
  id: 'base/image',
  stage: 'base',
  kind: 'image',
  url: 'docker.io/library/golang:1.16.12-buster',
  host: 'docker.io',
});
const TINI_APT = point({
  id: 'tini/apt',
  stage: 'tini',
  kind: 'apt',
  url: '<debian default>',
  host: '<debian default>',
});
const BACKPORTS = point({
  id: 'dev-base/apt-source',
  stage: 'dev-base',
  kind: 'apt-source',
  url: 'http://debian.example/debian buster-backports',
  host: 'debian.example',
});
const MODULES = point({
  id: 'rootlesskit/gomod',
  stage: 'rootlesskit',
  kind: 'gomod',
  url: '<go default>',
  host: '<go default>',
});
const ALL = [RUNC, CONTAINERD, FRONTEND, GOLANG, TINI_APT, BACKPORTS, MODULES];

describe('blamePoint', () => {
  it.each<[string, Partial<FailedStep>, string | null]>([
    [
      'a clone, by its URL',
      {
        lines: [
          "fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com",
        ],
      },
      'runc/git',
    ],
    [
      'a clone in the stage of another',
      { stage: 'x', lines: ["fatal: unable to access 'https://github.com/containerd/containerd.git/'"] },
      'containerd/git',
    ],
    ['a clone by stage and tool', { lines: ['fatal: early EOF'] }, 'runc/git'],
    [
      'the frontend',
      {
        name: 'resolve image config for docker.io/docker/dockerfile:1.2',
        stage: '(frontend)',
        message: 'no such host',
      },
      '(frontend)/frontend',
    ],
    [
      'an image, by its metadata step',
      { name: '[internal] load metadata for docker.io/library/golang:1.16.12-buster', stage: null },
      'base/image',
    ],
    ['apt of a stage', { stage: 'tini', lines: ['E: Unable to locate package cmake'] }, 'tini/apt'],
    [
      'an added source, by its host',
      { stage: 'dev-base', lines: ["  Temporary failure resolving 'debian.example'", 'E: x'] },
      'dev-base/apt-source',
    ],
    [
      'modules',
      { stage: 'rootlesskit', lines: ['go: example.org/x@v1: Get "https://go.example/": i/o timeout'] },
      'rootlesskit/gomod',
    ],
    [
      'modules, after a clone that went well',
      {
        stage: 'rootlesskit',
        lines: [
          '+ git clone https://github.com/opencontainers/runc.git .',
          'verifying x.example/y@v1.0.0: checksum mismatch',
        ],
        telling: ['verifying x.example/y@v1.0.0: checksum mismatch'],
      },
      'rootlesskit/gomod',
    ],
    ['a compiler error: nobody', { stage: 'build-binary', lines: ['cmd/dockerd/daemon.go:1: undefined: x'] }, null],
    ['a compiler error in a stage that clones: nobody', { lines: ['main.go:1: undefined: x'] }, null],
  ])('%s', (_, step, id) => {
    expect(blamePoint(failed(step), ALL)?.point.id ?? null).toBe(id);
  });

  it('does not take a longer name for the host', () => {
    const step = failed({ stage: 'x', lines: ['fatal: https://notgithub.com.example/opencontainers/runc2'] });
    expect(blamePoint(step, [RUNC])).toBeNull();
  });

  it('prefers a point that is not resolved, and still names one that is', () => {
    const met = { ...RUNC, via: 'mirror' as const, mirror: 'hub' };
    const step = failed({ lines: ['fatal: early EOF'] });
    expect(blamePoint(step, [met, { ...RUNC, id: 'runc/git#2' }])?.point.id).toBe('runc/git#2');
    expect(blamePoint(step, [met])?.point.mirror).toBe('hub');
  });

  it('leaves out what is dropped or not built', () => {
    const step = failed({ lines: ['fatal: https://github.com/opencontainers/runc.git'] });
    expect(
      blamePoint(step, [
        { ...RUNC, via: 'dropped' },
        { ...RUNC, inClosure: false },
      ]),
    ).toBeNull();
  });
});

describe('buildFailure', () => {
  function failure(lines: readonly string[], points: readonly MetPoint[]): ReturnType<typeof buildFailure> {
    const progress = new BuildProgress();
    for (const [n, line] of lines.entries()) progress.feed(line, n);
    const summary = progress.summary();
    return buildFailure({
      summary,
      blame: summary.failed && blamePoint(summary.failed, points),
      exitCode: 2,
      signal: null,
      log: '/w/build.log',
    });
  }

  it('says step, telling lines, point, meaning, log and exit code', () => {
    const error = failure(
      [
        '#1 [runc 1/1] RUN PREFIX=/build /tmp/install/install.sh runc',
        "#1 0.2 fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com",
        '#1 ERROR: exit code: 128',
        'make: *** [Makefile:179: binary] Error 1',
      ],
      ALL,
    );
    expect(error).toMatchObject({ code: 'build-failed', exitCode: 6, where: '/w/build.log' });
    expect(error.message).toMatch(/^The build failed in stage runc: \[runc 1\/1\] RUN PREFIX/);
    expect(error.message).toContain('Could not resolve host');
    expect(error.message).toContain(
      'hack/dockerfile/install/runc.installer:19 https://github.com/opencontainers/runc.git (runc/git), which is not resolved',
    );
    expect(error.hint).toContain('does not resolve where the build runs');
    expect(error.hint).toContain('/w/build.log');
  });

  it("tells make's and docker's own failure where no step failed", () => {
    const error = failure(
      ['unknown flag: --output', "See 'docker build --help'.", 'make: *** [binary] Error 125'],
      ALL,
    );
    expect(error.message).toMatch(/^The build ended with exit code 2, outside of any step/);
    expect(error.message).toContain('unknown flag: --output');
    expect(error.hint).toContain('cannot build with BuildKit');
    expect(error.command).toEqual({ is: 'again', change: {} });
  });
});
