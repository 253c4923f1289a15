import { beforeAll, describe, expect, it } from 'vitest';
import { hasOtherApt } from '../../../src/egress/world/image-suite.ts';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, scanOf } from '../mirrors/fixtures.ts';

describe('images whose apt is not Debian’s', () => {
  it.each([
    ['ubuntu:22.04', true],
    ['docker.m.example/library/ubuntu', true],
    ['kalilinux/kali-rolling:latest', true],
    ['mcr.example/devcontainers/base:ubuntu-24.04', true],
    ['buildpack-deps:jammy', true],
    ['golang:1.25-bookworm', false],
    ['debian:trixie-slim', false],
    ['golang:1.12.5', false],
    ['registry.example/ubuntu-mirror/golang:1.25-bookworm', false],
  ])('%s: %s', (image, other) => {
    expect(hasOtherApt(image)).toBe(other);
  });

  let tree: Tree;
  beforeAll(async () => {
    tree = await lightTree();
  });

  it('are told as unknown, in the stages that stand on them too, and never given Debian’s packages', () => {
    const stages =
      'FROM ubuntu:22.04 AS other\nFROM other AS next\nRUN apt-get update && apt-get install -y git\nFROM dev-base AS tini\nCOPY --from=next /etc/x /x';
    const { points, unknown } = scanOf(edited(tree, 'Dockerfile', [['FROM dev-base AS tini', stages]]));
    expect(points.filter(({ stage, kind }) => stage === 'next' && kind === 'apt')).toEqual([]);
    expect(unknown.find(({ stage }) => stage === 'next')).toMatchObject({
      inClosure: true,
      file: 'Dockerfile',
      reason: expect.stringMatching(/^apt of ubuntu:22\.04 asks/u) as string,
    });
  });
});
