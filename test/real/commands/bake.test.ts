import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commitAll } from '../../support/light-tree.mjs';
import { ARCH, FOREIGN, LEAVES, Stage } from './stage.ts';

/** A tree of the shape of 26.1: bake, cross-compiling stages, a component of its own for `all`. */
const TREE: Readonly<Record<string, string>> = {
  Dockerfile: `# syntax=docker/dockerfile:1.7
ARG GO_VERSION=1.21.12
ARG BASE_DEBIAN_DISTRO="bookworm"
ARG GOLANG_IMAGE="golang:\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}"
ARG XX_VERSION=1.4.0
ARG DOCKER_STATIC=1

FROM --platform=$BUILDPLATFORM tonistiigi/xx:\${XX_VERSION} AS xx

FROM --platform=$BUILDPLATFORM \${GOLANG_IMAGE} AS base
COPY --from=xx / /
RUN apt-get update && apt-get install --no-install-recommends -y file
ENV GO111MODULE=off

FROM base AS runc-src
WORKDIR /usr/src/runc
RUN git init . && git remote add origin "https://github.com/opencontainers/runc.git"
ARG RUNC_VERSION=v1.1.13
RUN git fetch -q --depth 1 origin "\${RUNC_VERSION}" +refs/tags/*:refs/tags/* && git checkout -q FETCH_HEAD

FROM base AS runc
ARG DOCKER_STATIC
RUN --mount=from=runc-src,src=/usr/src/runc,rw <<EOT
  make static
EOT

FROM base AS build
ARG VERSION
RUN --mount=type=bind,target=.,rw <<EOT
  ./hack/make.sh binary
EOT

FROM scratch AS binary
COPY --from=build /build/ /

FROM scratch AS all
COPY --from=runc /build/ /
COPY --from=build /build /
`,
  Makefile: `DOCKER ?= docker
BUILDX ?= $(DOCKER) buildx
DOCKER_GITCOMMIT := $(shell git rev-parse HEAD)
export DOCKER_GITCOMMIT
BAKE_CMD := $(BUILDX) bake
binary: bundles
\t$(BAKE_CMD) binary
dynbinary: bundles
\t$(BAKE_CMD) dynbinary
bundles:
\tmkdir bundles
`,
  'docker-bake.hcl': 'target "binary" {\n  target = "binary"\n  output = ["./bundles/binary"]\n}\n',
  'hack/make.sh': '#!/bin/sh\nexit 0\n',
  'hack/dockerfile/install/install.sh': '#!/bin/sh\nexit 0\n',
};

let stage: Stage;
let tree: string;
let calls: string;
beforeAll(() => {
  stage = new Stage();
  tree = join(stage.dir, 'moby 26');
  calls = join(stage.dir, 'calls');
  for (const [path, text] of Object.entries(TREE)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }
  commitAll(tree, { tag: 'v26.1.5', subject: 'A light stand-in for moby' });
  rmSync(join(stage.bin, 'make'));
});
afterAll(() => {
  stage.remove();
});
beforeEach(() => {
  rmSync(calls, { force: true });
  engine('26.1.5');
});

/** A docker with buildx, whose builds leave two programs where bake would. */
function engine(version: string, buildx = true): void {
  stage.docker(`${LEAVES}
case "$1 $2" in
--version*) echo 'Docker version ${version}, build 1'; exit;;
'version --format') echo '{"Server":{"Version":"${version}","Os":"linux","Arch":"${ARCH}"}}'; exit;;
'buildx version') ${buildx ? 'echo github.com/docker/buildx v0.13.1 1; exit' : 'exit 1'};;
'buildx inspect') printf 'Name: default\\nDriver: docker\\n'; exit;;
'buildx bake'|'buildx build') printf '%s\\n' "$*" "$VERSION $DOCKER_GITCOMMIT" > '${calls}'; mkdir -p bundles/binary
  case "$*" in *linux/${FOREIGN}*) programs=programs-${FOREIGN};; esac
  version=$VERSION commit=$DOCKER_GITCOMMIT
  for word in "$@"; do case "$word" in *VERSION=*) version=\${word#*=};; *DOCKER_GITCOMMIT=*) commit=\${word#*=};; esac; done
  leave bundles/binary "$version" "$commit" dockerd stamped-proxy; exit;;
esac`);
}

/** With their digests, so that no registry has to be asked. */
const IMAGES = [
  'golang=docker.m.daocloud.io/library/golang:1.21.12-bookworm',
  'tonistiigi/xx=docker.m.daocloud.io/tonistiigi/xx:1.4.0',
].flatMap((image) => ['--image', `${image}@sha256:${'1'.repeat(64)}`]);
const run = (...args: string[]) => stage.run([...args, '--source', tree, '--profile', 'cn', '--no-probe', ...IMAGES]);
const called = () => readFileSync(calls, 'utf8').split('\n');

describe('a tree that bake builds', () => {
  it('is cross-compiled through make and bake, and the tree that is built is the one that patch gives', async () => {
    const out = join(stage.dir, 'out');
    const { status, stderr } = await run('build', '--arch', FOREIGN, '--out', out, '--build-arg', 'X=a $b');
    expect(status, stderr).toBe(0);
    expect(called()[0]).toBe(`buildx bake --set binary.platform=linux/${FOREIGN} --set binary.args.X=a $b binary`);
    expect(called()[1]).toMatch(/^26\.1\.5 [0-9a-f]{40}$/u);
    expect(readdirSync(out).sort()).toEqual([
      'SHA256SUMS',
      'build-inputs.json',
      'docker-proxy',
      'dockerd',
      'manifest.json',
      'moby-build.lock',
      'provenance.json',
      'sbom.cdx.json',
      'tree-files.json',
    ]);

    const work = join(stage.dir, 'cache/moby-build', `v26.1.5-linux-${FOREIGN}/moby`);
    rmSync(join(work, 'bundles'), { recursive: true });
    const { stdout } = await run('patch', '--arch', FOREIGN);
    execFileSync('git', ['apply', '--reverse'], { cwd: work, input: stdout });
    // A git that reads no input would close it, and the writer may be told of that: EPIPE.
    const left = ['status', '--porcelain', '--untracked-files=all'];
    expect(execFileSync('git', left, { cwd: work, encoding: 'utf8' })).toBe('');
  });

  it.each<[string, string[]]>([
    ['through make', ['--arch', FOREIGN, '--build-arg', "X=it's"]],
    ['by bake itself', ['--with-deps', '--arch', FOREIGN]],
    ['by buildx build', ['--network', 'host', '--add-host', 'a.example:192.0.2.1']],
  ])('is built by the command that patch prints: %s', async (_, args) => {
    const { stdout } = await run('patch', '--json', ...args);
    const { build, points } = JSON.parse(stdout) as {
      build: { command: string };
      points: { id: string; inClosure: boolean }[];
    };
    // Only all reaches the stages of runc.
    expect(points.some(({ id, inClosure }) => id === 'runc-src/git' && inClosure)).toBe(args.includes('--with-deps'));
    execFileSync('bash', ['-c', build.command], { cwd: tree, env: stage.environment(), stdio: 'pipe' });
    const pasted = called();
    rmSync(join(tree, 'bundles'), { recursive: true });
    // A patch set leaves the sources to mirrors.
    const built = await run('build', ...args, '--sources', 'mirror', '--out', join(stage.dir, 'out-2'));
    expect(called()).toEqual(pasted);
    // Of target all, the stand-in leaves less than it should.
    expect(built.status, built.stderr).toBe(args.includes('--with-deps') ? 7 : 0);
  });

  it.each<[string, () => void, string[], number, RegExp]>([
    [
      'an engine too old for its Dockerfile',
      () => {
        engine('20.10.24');
      },
      [],
      3,
      /1\.4 is needed for here-documents/u,
    ],
    [
      'a client without buildx',
      () => {
        engine('26.1.5', false);
      },
      [],
      3,
      /docker buildx bake/u,
    ],
    [
      '--make-arg where make is not called',
      () => undefined,
      ['--with-deps', '--sources', 'mirror', '--make-arg', 'X=1'],
      2,
      /--make-arg/u,
    ],
  ])('is refused for %s', async (_, prepare, args, exitCode, words) => {
    prepare();
    const { status, stderr } = await run('build', ...args, '--out', join(stage.dir, 'out-3'));
    expect(stderr).toMatch(words);
    expect(status).toBe(exitCode);
    expect(existsSync(calls)).toBe(false);
  });
});
