import { beforeAll, describe, expect, it } from 'vitest';
import { crossCompile } from '../../../src/patching/cross.ts';
import { makeLean } from '../../../src/patching/lean.ts';
import { scan } from '../../../src/egress/scan.ts';
import type { Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';
import { planFor, RULES } from './fixtures.ts';

const MINGW = '            binutils-mingw-w64 \\\n            g++-mingw-w64-x86-64 \\\n';
const SECCOMP = '            libseccomp-dev/buster-backports \\\n';

/** Stages in the shape of 26.1: a tool for Windows resources, and the apt caches of two stages. */
const LATER: Tree = new Map([
  [
    'Dockerfile',
    {
      mode: '100644',
      text: `FROM golang:1.21.12-bookworm AS base
FROM base AS gowinres
RUN go install github.com/tc-hib/go-winres@v0.3.1
FROM base AS tini
RUN --mount=type=cache,sharing=locked,id=moby-tini-aptlib,target=/var/lib/apt \\
    --mount=type=cache,sharing=locked,id=moby-tini-aptcache,target=/var/cache/apt \\
        apt-get update && apt-get install -y cmake
FROM base AS build
COPY --from=gowinres /build/ /usr/local/bin/
RUN --mount=type=cache,sharing=locked,id=moby-build-aptlib,target=/var/lib/apt \\
    --mount=type=cache,target=/root/.cache/go-build,id=moby-build-$TARGETPLATFORM \\
        apt-get update && apt-get install -y clang
FROM scratch AS binary
COPY --from=tini / /
COPY --from=build / /
`,
    },
  ],
]);

let tree: Tree;
beforeAll(async () => {
  tree = edited(await lightTree(), 'Dockerfile', [[SECCOMP, `${MINGW}${SECCOMP}`]]);
});

const dockerfile = (of: Tree): string => of.get('Dockerfile')?.text ?? '';
const lean = (of: Tree) => makeLean(of, RULES, 0);
/** The names of apt's caches, each once. */
const caches = (of: Tree) => new Set(dockerfile(of).match(/\bid=[\w-]+-apt(?:lib|cache)\b/gu));

describe('a lean tree', () => {
  it('has no compiler for Windows, and one cache of apt for all stages', () => {
    const { tree: after, patches } = lean(tree);
    expect(patches.map(({ name }) => name)).toEqual(['0001-lean.patch']);
    expect([...after].filter(([path, file]) => tree.get(path) !== file).map(([path]) => path)).toEqual(['Dockerfile']);
    expect(dockerfile(after)).not.toContain('mingw');
    expect(caches(after)).toEqual(new Set(['id=moby-build-all-aptlib', 'id=moby-build-all-aptcache']));
    // Nothing else changes.
    const same = (of: Tree): string => dockerfile(of).replaceAll(/\bid=[\w-]+-(apt(?:lib|cache))\b/gu, 'id=$1');
    expect(same(after)).toBe(same(tree).replace(MINGW, ''));
  });

  it('has no tool for Windows resources from 23.0 on, and the caches of compilers as they were', () => {
    const after = lean(LATER).tree;
    expect(dockerfile(after)).not.toContain('COPY --from=gowinres');
    expect(dockerfile(after)).toContain('id=moby-build-$TARGETPLATFORM');
    expect(caches(after).size).toBe(2);
    const points = (of: Tree) =>
      scan(of, { target: 'binary', arch: 'amd64' }).points.filter(({ inClosure }) => inClosure);
    expect(points(LATER).map(({ stage }) => stage)).toContain('gowinres');
    expect(points(after).map(({ stage }) => stage)).not.toContain('gowinres');
  });

  it('is so already the second time, and with ends of line of Windows', () => {
    const once = lean(tree).tree;
    expect(lean(once)).toEqual({ tree: once, patches: [] });
    const windows: Tree = new Map(
      [...tree].map(([path, f]) => [path, { ...f, text: f.text.replaceAll('\n', '\r\n') }]),
    );
    expect(dockerfile(lean(windows).tree)).toBe(dockerfile(once).replaceAll('\n', '\r\n'));
  });

  it('is planned for in full, also where it is cross-compiled', () => {
    const crossed = crossCompile(tree, RULES, 'arm64', 'amd64').tree;
    const after = makeLean(crossed, RULES, 1).tree;
    expect(caches(after).size).toBe(2);
    const plan = planFor(after, 'cn');
    expect(plan.totals.covered).toBe(plan.totals.closure);
    expect(plan.points.some(({ aptCalls }) => JSON.stringify(aptCalls ?? []).includes('mingw'))).toBe(false);
  });

  it.each<[string, [string, string]]>([
    ['one of the compilers', ['g++-mingw-w64-x86-64', 'g++-mingw-w64=12']],
    ['both on a line', ['binutils-mingw-w64 \\\n           ', 'binutils-mingw-w64']],
  ])('is refused with its line where %s is written otherwise', (_, replacement) => {
    const failure = failureOf(() => lean(edited(tree, 'Dockerfile', [replacement])));
    expect(failure).toMatchObject({ code: 'rule-mismatch', exitCode: 4 });
    expect(failure.where).toMatch(/^Dockerfile:\d+$/u);
  });
});
