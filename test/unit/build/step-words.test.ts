import { describe, expect, it } from 'vitest';
import { stepWords } from '../../../src/make/progress/step-words.ts';

const DIGEST = `@sha256:${'0f'.repeat(32)}`;

describe('stepWords', () => {
  it.each([
    ['[base 2/6] RUN --mount=type=cache,target=/x --mount=type=bind,target=. apt-get update', '[base] apt-get update'],
    [
      '[build-binary 1/1] RUN --mount=type=cache,target=/root/.cache/go-build     --mount=type=bind,target=/go/src         hack/make.sh binary',
      '[build-binary] hack/make.sh binary',
    ],
    ['[linux/arm64 base  2/12] RUN --network=none --security=insecure make', '[base] make'],
    ['[binary linux/amd64->arm64 build 3/9] COPY --from=base /a /b', '[build] COPY --from=base /a /b'],
    [`[base 1/2] FROM docker.io/library/golang:1.16${DIGEST}`, '[base] FROM docker.io/library/golang:1.16'],
    [`docker-image://docker.io/docker/dockerfile:1.2${DIGEST}`, 'docker-image://docker.io/docker/dockerfile:1.2'],
    ['[internal] load build context', '[internal] load build context'],
    ['exporting to client', 'exporting to client'],
    ['[a 1/1] RUN echo --mount=kept', '[a] echo --mount=kept'],
    ['[a 1/1] RUN --mount=type=bind <<EOT (set -e...)', '[a] <<EOT (set -e...)'],
  ])('%s', (name, words) => {
    expect(stepWords(name)).toBe(words);
  });
});
