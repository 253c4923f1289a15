import { describe, expect, it } from 'vitest';
import { callsClone3, stopsNewCalls } from '../../../src/make/engine/old-seccomp.ts';
import type { Builder } from '../../../src/make/engine/builder.ts';

const CONTAINER: Builder = { name: 'farm', driver: 'docker-container', nodes: [], buildkitVersion: null };

describe('stopsNewCalls', () => {
  it.each<[string | null, Builder | null, string | null, string | null]>([
    ['20.10.5', null, '0.8', 'engine 20.10.5'],
    ['20.10.5+dfsg1', null, null, 'engine 20.10.5+dfsg1'],
    ['19.03.15', null, null, 'engine 19.03.15'],
    ['20.10.9', { ...CONTAINER, name: 'default', driver: 'docker' }, null, 'engine 20.10.9'],
    ['20.10.10', null, null, null],
    ['20.10.24', null, null, null],
    ['29.7.2', null, null, null],
    [null, null, null, null],
    // The engine of another context.
    ['20.10.5', { ...CONTAINER, driver: 'docker' }, '0.11', null],
    // A builder of its own has a profile of its own.
    ['20.10.5', CONTAINER, '0.12', null],
    ['29.7.2', CONTAINER, '0.8', 'builder farm with BuildKit 0.8'],
    ['29.7.2', CONTAINER, null, null],
  ])('engine %s, builder %o, BuildKit %s: %s', (serverVersion, builder, buildkitVersion, said) => {
    expect(stopsNewCalls({ serverVersion, builder, context: 'default', buildkitVersion })).toBe(said);
  });
});

describe('callsClone3', () => {
  it.each([
    ['docker.io/library/golang:1.19.7-bookworm', true],
    ['golang:1.25.1-trixie@sha256:ab', true],
    ['debian:bookworm-slim', true],
    ['debian:sid', true],
    ['ubuntu:22.04', true],
    ['ubuntu:noble-20250101', true],
    ['golang:1.19.7-bullseye', false],
    ['golang:1.16-buster', false],
    ['ubuntu:20.04', false],
    // A registry's port is no tag.
    ['registry.example:22.04/golang', false],
    ['golang', false],
  ])('%s: %s', (image, calls) => {
    expect(callsClone3(image)).toBe(calls);
  });
});
