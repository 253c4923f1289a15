import { describe, expect, it } from 'vitest';
import { closure } from '../../../src/dockerfile/closure.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';

const reached = (text: string, target: string, arch = 'arm64', buildArgs?: Record<string, string>): string[] | null => {
  const dockerfile = parseDockerfile(text, 'Dockerfile');
  const indexes = closure(dockerfile, target, { arch, buildArgs });
  return indexes === null
    ? null
    : dockerfile.stages.filter((stage) => indexes.has(stage.index)).map((stage) => stage.name);
};

describe('closure', () => {
  it('follows FROM, COPY --from and --mount=from, by name in any case and by index', () => {
    const text = [
      'FROM i AS zero',
      'FROM i AS One',
      'FROM i AS two',
      'FROM i AS three',
      'FROM zero AS unused',
      'FROM ONE AS target',
      'COPY --from=2 /a /b',
      'RUN --mount=type=bind,from=THREE,src=/x,target=/y true',
    ].join('\n');
    expect(reached(text, 'TARGET')).toEqual(['One', 'two', 'three', 'target']);
  });

  it('takes names built from ARGs, with the platform that is built', () => {
    const text = [
      'ARG CROSS="false"',
      'FROM i AS cross-false',
      'FROM i AS cross-true',
      'FROM i AS bin-linux-arm64',
      'FROM i AS bin-linux-amd64',
      'FROM bin-linux-${TARGETARCH} AS bin-linux',
      'FROM bin-${TARGETOS} AS bin',
      'FROM cross-$CROSS as target',
      'COPY --from=bin / /',
    ].join('\n');
    expect(reached(text, 'target')).toEqual(['cross-false', 'bin-linux-arm64', 'bin-linux', 'bin', 'target']);
    expect(reached(text, 'target', 'amd64', { CROSS: 'true' })).toEqual([
      'cross-true',
      'bin-linux-amd64',
      'bin-linux',
      'bin',
      'target',
    ]);
  });

  it('knows ARGs that are made of ARGs', () => {
    const text = [
      'ARG S=${TARGETPLATFORM#linux/amd64}',
      'ARG S=${S:+"unsupported"}',
      'ARG S=${S:-"supported"}',
      'FROM i AS d-supported',
      'FROM i AS d-unsupported',
      'FROM d-${S} AS target',
    ].join('\n');
    expect(reached(text, 'target', 'amd64')).toEqual(['d-supported', 'target']);
    expect(reached(text, 'target', 's390x')).toEqual(['d-unsupported', 'target']);
  });

  it('only sees stages that stand earlier', () => {
    expect(reached('FROM b AS a\nFROM i AS b\nFROM a AS target\n', 'target')).toEqual(['a', 'target']);
  });

  it('takes the later of two stages of one name', () => {
    const text = 'FROM i AS x\nFROM j AS X\nFROM x AS target\n';
    const dockerfile = parseDockerfile(text, 'Dockerfile');
    expect([...(closure(dockerfile, 'target', { arch: 'arm64' }) ?? [])].sort()).toEqual([1, 2]);
  });

  it('does not take a name in a comment or a number in FROM for a stage', () => {
    expect(reached('FROM i AS a\nFROM 0 AS target\n# COPY --from=a / /\n', 'target')).toEqual(['target']);
  });

  it('is null for a target that is not there', () => {
    expect(reached('FROM i AS a\n', 'b')).toBeNull();
  });
});
