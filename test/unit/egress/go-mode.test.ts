import { describe, expect, it } from 'vitest';
import { goVersionOf, usesModules } from '../../../src/egress/world/go-mode.ts';
import { scanned, treeOf } from './tree.ts';

describe('the Go of an image', () => {
  it.each([
    ['golang:1.12.5', [1, 12]],
    ['golang:1.16.12-buster', [1, 16]],
    ['hub.example/library/golang:1.9@sha256:0', [1, 9]],
    ['golang:latest', null],
    ['golang', null],
    ['my-golang:1.2', null],
    ['debian:12.1', null],
  ] as const)('%s', (image, version) => {
    expect(goVersionOf(image)).toEqual(version);
  });
});

describe('GO111MODULE', () => {
  const GOPATH = { belowGopath: true, inSources: true };
  const ELSEWHERE = { belowGopath: false, inSources: true };
  const NOWHERE = { belowGopath: false, inSources: false };
  it.each([
    ['off', null, ELSEWHERE, false],
    ['off', [1, 12], NOWHERE, false],
    ['on', [1, 11], GOPATH, true],
    [null, [1, 12], GOPATH, false],
    [null, [1, 12], ELSEWHERE, true],
    [null, [1, 12], NOWHERE, false],
    [null, [1, 13], GOPATH, true],
    [null, [1, 13], NOWHERE, false],
    [null, [1, 16], NOWHERE, true],
    [null, null, NOWHERE, true],
    ['auto', [1, 22], NOWHERE, false],
    ['auto', [1, 22], ELSEWHERE, true],
  ] as const)('%s with Go %s: %o', (variable, version, place, wanted) => {
    expect(usesModules(variable, version, place)).toBe(wanted);
  });

  it('of 19.03.0 to 19.03.8 is not set: Go 1.12 builds what lies in a GOPATH without modules, and go get asks the import path', () => {
    const install = [
      'RUN git clone https://h.example/o/r.git "$GOPATH/src/h.example/o/r" \\',
      ' && cd "$GOPATH/src/h.example/o/r" && go build h.example/o/r/cmd/x \\',
      ' && go get -d vanity.example/tool && go get -d h.example/o/p/...',
    ].join('\n');
    const points = (go: string): string[] =>
      scanned(treeOf({ Dockerfile: `FROM golang:${go} AS base\nFROM base AS s\n${install}\n` }), {
        target: 's',
      }).points.map((point) => `${point.kind} ${point.url}`);
    expect(points('1.12.17-stretch').slice(1)).toEqual([
      'git https://h.example/o/r.git',
      'gomod https://vanity.example/tool',
      'gomod https://h.example/o/p',
    ]);
    expect(points('1.22').filter((point) => point === 'gomod https://<go default>')).toHaveLength(3);
  });
});
