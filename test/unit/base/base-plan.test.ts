import { beforeAll, describe, expect, it } from 'vitest';
import { baseWish, withBase, withoutOf, type BaseWish } from '../../../src/base/base-wish.ts';
import { scan } from '../../../src/egress/scan.ts';
import { makePlan } from '../../../src/patching/plan.ts';
import type { Plan, Scan, Tree } from '../../../src/types.ts';
import { edited, lightTree, resolveWith } from '../mirrors/fixtures.ts';
import { RULES, treeAfterPlan } from '../patching/fixtures.ts';

/** Stages in the shape of 26.1: two images, both on the machine that builds. */
const LATER: Tree = new Map([
  [
    'Dockerfile',
    {
      mode: '100644',
      text: `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.21.12
ARG BASE_DEBIAN_DISTRO="bookworm"
ARG GOLANG_IMAGE="golang:\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}"
ARG XX_VERSION=1.4.0

FROM --platform=$BUILDPLATFORM tonistiigi/xx:\${XX_VERSION} AS xx
FROM --platform=$BUILDPLATFORM \${GOLANG_IMAGE} AS base
COPY --from=xx / /
RUN apt-get update && apt-get install -y file
FROM base AS build
RUN xx-apt-get install -y gcc
FROM scratch AS binary
COPY --from=build /build /
FROM registry.example/team/other:1 AS other
`,
    },
  ],
]);

let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

const scanOf = (of: Tree, buildArgs: Record<string, string> = {}): Scan =>
  scan(of, { target: 'binary', arch: 'amd64', buildArgs });
const wishOf = (of: Tree, about: Partial<Parameters<typeof baseWish>[0]> = {}) =>
  baseWish({ scan: scanOf(of), suite: null, arch: 'amd64', xx: null, ...about });
const sureWish = (of: Tree): BaseWish => {
  const wish = wishOf(of);
  if ('reason' in wish) throw new Error(wish.reason);
  return wish;
};

function planOf(of: Tree): Plan {
  const wish = sureWish(of);
  const found = scanOf(of);
  return makePlan({
    ...{ tree: of, scan: found, scanOptions: { target: 'binary', arch: 'amd64' }, rules: RULES },
    base: { go: wish.go, hasXx: wish.xx !== null },
    resolutions: withBase(resolveWith(found, 'cn', { without: withoutOf({ without: [] }, wish) }), wish),
    ...{ ref: 'v20.10.12', commit: null, series: '20.10', profile: 'cn' },
  });
}

const dockerfile = (of: Tree): string => of.get('Dockerfile')?.text ?? '';

describe('the images that a tree starts from', () => {
  it('are made of its own Debian and Go; vpnkit is none of them', () => {
    expect(wishOf(tree)).toMatchObject({ suite: 'buster', go: '1.16.12', xx: null });
    expect([...sureWish(tree).stages]).toEqual([['base/image', 'moby-build-golang']]);
  });

  it('are those of --suite, and of the Go that a build argument says', () => {
    const found = scanOf(tree, { GO_VERSION: '1.16.15' });
    expect(wishOf(tree, { scan: found, suite: 'bookworm' })).toMatchObject({ suite: 'bookworm', go: '1.16.15' });
  });

  it('have xx at the commit of its tag', () => {
    expect(wishOf(LATER)).toMatchObject({
      ...{ suite: 'bookworm', go: '1.21.12' },
      xx: { tag: 'v1.4.0', commit: 'ac902782ec780585a9eabb48b01b3cc8d53fe57e' },
    });
  });

  it('have xx at the commit or the release that is asked for', () => {
    const commit = '5'.repeat(40);
    expect(wishOf(LATER, { xx: commit })).toMatchObject({ xx: { tag: null, commit } });
    expect(wishOf(LATER, { xx: 'v1.2.1' })).toMatchObject({ xx: { tag: 'v1.2.1' } });
    const unknown = edited(LATER, 'Dockerfile', [['XX_VERSION=1.4.0', 'XX_VERSION=99.0.0']]);
    expect(wishOf(unknown, { xx: commit })).toMatchObject({ xx: { tag: null, commit } });
    expect(wishOf(tree, { xx: commit })).toMatchObject({
      reason: expect.stringContaining('would change nothing') as string,
    });
  });

  it('have a Debian in place of busybox', () => {
    const dummy = 'FROM --platform=$BUILDPLATFORM busybox AS dummy\nRUN mkdir /out\nFROM dummy AS binary';
    const withBusybox = edited(LATER, 'Dockerfile', [['FROM scratch AS binary', dummy]]);
    expect([...sureWish(withBusybox).stages]).toContainEqual(['dummy/image', 'moby-build-debian']);
  });

  it.each([
    [
      'an image that nobody can make',
      () => edited(LATER, 'Dockerfile', [['FROM scratch AS binary', 'FROM alpine:3 AS binary']]),
      /alpine:3/u,
    ],
    ['an unknown xx', () => edited(LATER, 'Dockerfile', [['XX_VERSION=1.4.0', 'XX_VERSION=99.0.0']]), /xx v99\.0\.0/u],
    ['a release without keys', () => edited(LATER, 'Dockerfile', [['"bookworm"', '"stretch"']]), /stretch/u],
    ['no release', () => edited(LATER, 'Dockerfile', [['"bookworm"', '"mine"']]), /not known/u],
  ])('are not made with %s', (_, change, reason) => {
    expect(wishOf(change())).toMatchObject({ reason: expect.stringMatching(reason) as string });
  });

  it('are not made where a build argument names one', () => {
    const found = scanOf(LATER, { GOLANG_IMAGE: 'golang:1.22.1-bookworm' });
    expect(wishOf(LATER, { scan: found })).toMatchObject({
      reason: expect.stringContaining('build argument') as string,
    });
  });
});

describe('the planned tree', () => {
  it.each([
    ['20.10', () => tree],
    ['26.1', () => LATER],
  ])('of %s starts from no image, and the proof holds', (_, of) => {
    const plan = planOf(of());
    const after = treeAfterPlan(of(), plan);
    const images = scanOf(after).points.filter(({ kind, inClosure }) => kind === 'image' && inClosure);
    expect(images).toEqual([]);
    expect(plan.totals.covered).toBe(plan.totals.closure);
    expect(dockerfile(after)).toContain('ARG GOLANG_IMAGE="moby-build-golang"\n');
    expect(dockerfile(after).match(/^FROM .*$/mu)?.[0]).toBe('FROM scratch AS moby-build-debian');
    expect(after.get('hack/dockerfile/base/packages/install.sh')?.text).toContain('dpkg --configure');
  });

  it('has stages of its own text alone: no host, and no version but that of Go', () => {
    const [stages = ''] =
      /FROM scratch AS moby-build-debian[\s\S]*?WORKDIR \/go\n/u.exec(dockerfile(treeAfterPlan(tree, planOf(tree)))) ??
      [];
    expect(stages).not.toMatch(/https?:/u);
    expect(stages.match(/\d+\.\d+(?:\.\d+)?/gu)).toEqual(['1.16.12']);
  });

  it('takes xx out of its repository', () => {
    const text = dockerfile(treeAfterPlan(LATER, planOf(LATER)));
    expect(text).toContain('FROM --platform=$BUILDPLATFORM moby-build-xx AS xx\n');
    expect(text).toContain('source=hack/dockerfile/sources/tonistiigi/xx.git,');
    expect(dockerfile(treeAfterPlan(tree, planOf(tree)))).not.toContain('moby-build-xx');
  });

  it('is left as it is the second time', () => {
    const once = treeAfterPlan(tree, planOf(tree));
    const again = planOf(once);
    expect(again.patches.map(({ name }) => name)).toEqual([]);
    expect(again.notes.some(({ code }) => code === 'already-applied')).toBe(true);
  });
});
