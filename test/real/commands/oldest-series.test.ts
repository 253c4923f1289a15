import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stage } from './stage.ts';

/** In the shape of 19.03: no frontend, one Dockerfile that is built whole, hack/make.sh in a container. */
const TREE: Readonly<Record<string, string>> = {
  Dockerfile: `ARG GO_VERSION=1.13.15
FROM golang:\${GO_VERSION}-buster AS base
ARG APT_MIRROR
RUN sed -ri "s/a/b/g" /etc/apt/sources.list
ENV GO111MODULE=off
FROM base AS runtime-dev
RUN apt-get update && apt-get install -y jq
FROM runtime-dev AS final
COPY . /go/src/github.com/docker/docker
`,
  Makefile: 'binary: build\n\t$(DOCKER_RUN_DOCKER) hack/make.sh binary\n',
  'hack/make.sh': '',
  'hack/dockerfile/install/install.sh': '',
  'hack/dockerfile/install/proxy.installer': '',
};

let stage: Stage;
let tree: string;
beforeAll(() => {
  stage = new Stage();
  tree = join(stage.dir, 'nineteen');
  for (const [path, text] of Object.entries(TREE)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
});
afterAll(() => {
  stage.remove();
});

it('19.03 is patched, all of its Dockerfile, and its own make is named', async () => {
  const line = ['patch', '--source', tree, '--ref', 'v19.03.15', '--profile', 'cn', '--no-probe', '--arch', 'amd64'];
  const { status, stdout, stderr } = await stage.run(line);
  expect(status).toBe(0);
  expect(stdout).toContain('+ADD sources.list /etc/apt/sources.list\n');
  expect(stderr).toContain('All 2 egress points');
  expect(stderr).toMatch(/make binary VERSION=19\.03\.15 DOCKER_GITCOMMIT=unknown\n/u);
});
