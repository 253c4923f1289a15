import { describe, expect, it } from 'vitest';
import type { Plan, Tree } from '../../../src/types.ts';
import { planFor } from './fixtures.ts';

/** A tree in the shape of 23.0 and newer: packages are taken above ENV GO111MODULE=off in base, and bake builds it. */
function bakeTree({ env = true, sed = '', add = '', suite = 'bookworm' } = {}): Tree {
  const text = `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.24.9
ARG BASE_DEBIAN_DISTRO="${suite}"
ARG GOLANG_IMAGE="golang:\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}"
ARG XX_VERSION=1.6.1
FROM --platform=$BUILDPLATFORM tonistiigi/xx:\${XX_VERSION} AS xx
FROM --platform=$BUILDPLATFORM \${GOLANG_IMAGE} AS base
COPY --from=xx / /
${sed}RUN apt-get update && apt-get install --no-install-recommends -y file
${env ? 'ENV GO111MODULE=off\n' : ''}
FROM base AS gowinres
ARG GOWINRES_VERSION=v0.3.1
${add}RUN GOBIN=/build/ GO111MODULE=on go install "github.com/tc-hib/go-winres@\${GOWINRES_VERSION}"

FROM base AS build
COPY --from=gowinres /build/ /usr/local/bin/
RUN xx-apt-get install -y gcc

FROM scratch AS binary
COPY --from=build /build /
`;
  return new Map([['Dockerfile', { text, mode: '100644' as const }]]);
}

function afterText(plan: Plan, path: string): string {
  return plan.after.get(path)?.text ?? '';
}

/** The lines of stage base of the tree after the plan. */
function baseOf(text: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.endsWith(' AS base'));
  return lines.slice(from + 1, lines.indexOf('', from));
}

describe('a tree that bake builds', () => {
  it('has its sources and its module proxy above the first use of packages in base', () => {
    const plan = planFor(bakeTree(), 'cn', {}, { series: '28' });
    expect(plan.totals).toMatchObject({ covered: plan.totals.closure, uncovered: 0 });
    expect(baseOf(afterText(plan, 'Dockerfile')).slice(0, 8)).toEqual([
      'COPY --from=xx / /',
      'ADD debian.mirrors /etc/apt/moby-build-debian.mirrors',
      'ADD debian-security.mirrors /etc/apt/moby-build-debian-security.mirrors',
      'ADD apt.conf /etc/apt/apt.conf.d/99moby-build',
      'ADD sources.list /etc/apt/sources.list',
      'RUN rm -f /etc/apt/sources.list.d/debian.sources',
      'ADD apt-record.conf /etc/apt/apt.conf.d/98moby-build-record',
      expect.stringMatching(/^ENV GOPROXY=https:\/\//u),
    ]);
    expect(afterText(plan, 'Dockerfile')).not.toContain('syntax=');
    expect(afterText(plan, 'apt-record.conf')).toContain('sha256sum');
  });

  it('has them there too where it has no GO111MODULE, as 29', () => {
    const plan = planFor(bakeTree({ env: false }), 'cn', {}, { series: '29' });
    expect(plan.totals.uncovered).toBe(0);
    expect(baseOf(afterText(plan, 'Dockerfile'))[4]).toBe('ADD sources.list /etc/apt/sources.list');
  });

  it.each([
    ['always', 'ARG APT_MIRROR\nRUN sed -ri "s/a/b/g" /etc/apt/sources.list\n', true],
    [
      'on request',
      'ARG APT_MIRROR\nRUN test -n "$APT_MIRROR" && sed -ri "s#a#b#g" /etc/apt/sources.list || true\n',
      false,
    ],
  ])('that edits its sources.list %s', (_, sed, touched) => {
    const text = afterText(planFor(bakeTree({ sed }), 'cn', {}, { series: '23.0' }), 'Dockerfile');
    expect(text.includes('RUN touch /etc/apt/sources.list\n')).toBe(touched);
  });

  it('has a source that ADD takes from git by another address, with what it asks of git as it was', () => {
    const add = 'ADD https://github.com/tc-hib/go-winres.git?ref=${GOWINRES_VERSION}&keep-git-dir=1 /src\n';
    const text = afterText(planFor(bakeTree({ add }), 'cn', {}, { series: '29' }), 'Dockerfile');
    expect(text).toMatch(
      /^ADD https:\/\/\S+github\.com\/tc-hib\/go-winres\.git\?ref=\$\{GOWINRES_VERSION\}&keep-git-dir=1 \/src$/mu,
    );
    expect(text).not.toContain('ADD https://github.com/');
  });

  it('on an archived release has the archive’s address and no check of the date', () => {
    const plan = planFor(bakeTree({ suite: 'buster' }), 'upstream', {}, { series: '23.0' });
    expect(baseOf(afterText(plan, 'Dockerfile')).slice(1, 3)).toEqual([
      'ADD apt.conf /etc/apt/apt.conf.d/99moby-build',
      'ADD sources.list /etc/apt/sources.list',
    ]);
    expect(afterText(plan, 'sources.list')).toContain('archive.debian.org');
  });
});
