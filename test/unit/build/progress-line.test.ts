import { describe, expect, it } from 'vitest';
import { readProgressLine, stageOfStep } from '../../../src/make/progress/progress-line.ts';

describe('stageOfStep', () => {
  it.each([
    ['[base 2/6] RUN x', 'base'],
    ['[base  2/12] RUN x', 'base'],
    ['[linux/arm64 base 2/6] RUN x', 'base'],
    ['[linux/arm64/v8 dev-base 1/1] RUN x', 'dev-base'],
    ['[linux/amd64->arm64 build 1/1] RUN x', 'build'],
    ['[vpnkit-amd64 1/1] FROM docker.io/djs55/vpnkit:0.5.0', 'vpnkit-amd64'],
    ['[stage-3 1/1] COPY a b', 'stage-3'],
    ['[binary internal] load build definition from Dockerfile', null],
    ['[binary build  3/12] RUN <<EOT (set -e...)', 'build'],
    ['[binary linux/amd64 base 1/5] FROM docker.io/library/golang:1.21.12-bookworm', 'base'],
    ['[all linux/amd64->arm64 runc-build 3/5] RUN xx-go --wrap', 'runc-build'],
    ['[binary] resolve image config for docker.io/docker/dockerfile:1.7', '(frontend)'],
    ['[binary] docker-image://docker.io/docker/dockerfile:1.7@sha256:ab', '(frontend)'],
    ['[binary] exporting to client directory', null],
    ['[internal] load metadata for docker.io/library/golang:1.16.12-buster', null],
    ['[auth] library/golang:pull token for registry.example', null],
    ['docker-image://docker.io/docker/dockerfile:1.2@sha256:ab', '(frontend)'],
    ['exporting to client', null],
  ])('%s → %s', (name, stage) => {
    expect(stageOfStep(name)).toBe(stage);
  });
});

describe('readProgressLine', () => {
  it.each([
    [
      '#5 sha256:ab 7.34MB / 50.43MB 0.9s',
      { type: 'transfer', step: 5, object: 'sha256:ab', bytes: 7_340_000, total: 50_430_000 },
    ],
    ['#5 sha256:ab 0B / 1.5GB', { type: 'transfer', step: 5, object: 'sha256:ab', bytes: 0, total: 1_500_000_000 }],
    ['#5 12.5 text with 3MB / 4MB', { type: 'log', step: 5, text: 'text with 3MB / 4MB' }],
    ['#5 DONE 12.34s', { type: 'done', step: 5, seconds: 12.34 }],
    ['#5 DONE soon', { type: 'noise', step: 5 }],
    ['progress 10%\r#5 CACHED', { type: 'cached', step: 5 }],
    ['#12345678 x', { type: 'outside', text: '#12345678 x' }],
  ])('%s', (line, expected) => {
    expect(readProgressLine(line, () => true)).toEqual(expected);
  });

  it.each([
    ['#5 [base 2/6] RUN make', { type: 'name', step: 5, name: '[base 2/6] RUN make' }],
    ['#5 12.5 E: Unable to locate package x', { type: 'log', step: 5, text: 'E: Unable to locate package x' }],
    ['#5 sha256:ab 3MB / 4MB 0.1s', { type: 'transfer', step: 5, object: 'sha256:ab', bytes: 3e6, total: 4e6 }],
    ['#5 extracting sha256:ab 1.2s done', { type: 'noise', step: 5 }],
  ])('of a step that has no name yet: %s', (line, expected) => {
    expect(readProgressLine(line, () => false)).toEqual(expected);
  });
});
