import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGitServer, type Behaviour } from '../../support/git-server.mjs';
import { git, Places } from '../store/repository.ts';
import { makeComponent, makeTree, prepareBuild, wordsFor } from './host-setup.ts';
import { runStage } from './run-stage.ts';

const NAMES = [
  'containerd/containerd',
  'opencontainers/runc',
  'krallin/tini',
  'rootless-containers/rootlesskit',
  'tc-hib/go-winres',
];
/** A tag that no component has: the table of commits does not know it. */
const TAG = 'v99.1.0';

/** How the builds of containerd, runc and tini ask for their versions. */
const QUESTIONS = `git describe --dirty --long --always; git describe --match 'v[0-9]*' --dirty=.m --always; git rev-parse HEAD; git log -n 1 --pretty=format:%h`;
const ASK = `{ ${QUESTIONS}; } > /build/said`;

const base = `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.24.9
ARG BASE_DEBIAN_DISTRO="bookworm"
ARG GOLANG_IMAGE="golang:\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}"
FROM \${GOLANG_IMAGE} AS base
RUN apt-get update && apt-get install -y file
`;
const scratch = (stages: readonly string[]) =>
  `FROM scratch AS TARGET\n${stages.map((stage) => `COPY --from=${stage} /build /\n`).join('')}`;

/** 22.06: the installers are COPYed one by one. */
const copied = (component: string, url: string): string => `FROM base AS ${component}
ARG ${component.toUpperCase()}_VERSION
COPY /hack/dockerfile/install/install.sh /hack/dockerfile/install/${component}.installer /
RUN --mount=type=cache,target=/go/pkg/mod \\
        PREFIX=/build /install.sh ${component}
# ${url}
`;
const installer = (component: string, url: string): string => `#!/bin/sh
: "\${${component.toUpperCase()}_VERSION:=${TAG}}"
install_${component}() {
\tgit clone ${url} "$GOPATH/src/${component}"
\tcd "$GOPATH/src/${component}"
\tgit checkout -q "$${component.toUpperCase()}_VERSION"
\t${ASK}
}
`;
/** 23.0 to 29.4.0: what is fetched is named in one step and fetched in the next. */
const fetched = (component: string, url: string): string => `FROM base AS ${component}
WORKDIR /usr/src/${component}
RUN git init . && git remote add origin "${url}"
ARG ${component.toUpperCase()}_VERSION=${TAG}
RUN git fetch -q --depth 1 origin "\${${component.toUpperCase()}_VERSION}" +refs/tags/*:refs/tags/* && git checkout -q FETCH_HEAD
RUN ${ASK}
`;
/** From 29.4.1 on: BuildKit fetches. */
const added = (component: string, url: string): string => `FROM base AS ${component}
WORKDIR /usr/src/${component}
ARG ${component.toUpperCase()}_VERSION=${TAG}
ADD ${url}?ref=\${${component.toUpperCase()}_VERSION}&keep-git-dir=1 ${component === 'tini' ? '.' : `/usr/src/${component}`}
RUN cd /usr/src/${component} && ${ASK}
`;

const components = (names: readonly string[]): [string, string][] =>
  names.map((name) => [
    name === 'tc-hib/go-winres' ? 'gowinres' : (name.split('/')[1] ?? name),
    `https://github.com/${name}.git`,
  ]);

const SHAPES = [
  { tag: 'v22.06.0-beta.0', target: 'binary', way: 'mount', names: NAMES.slice(0, 3), stage: copied },
  { tag: 'v26.1.5', target: 'all', way: 'mount', names: NAMES.slice(0, 4), stage: fetched },
  { tag: 'docker-v29.7.2', target: 'all', way: 'add', names: NAMES, stage: added },
] as const;

function shapedTree(dir: string, { tag, target, names, stage }: (typeof SHAPES)[number]): void {
  const all = components(names);
  const stages = all.map(([component, url]) => stage(component, url)).join('\n');
  const ends = scratch(all.map(([component]) => component)).replace('TARGET', target);
  const install = `#!/bin/bash\nset -e\nexport GOPATH="$(mktemp -d)"\n. "$(dirname $0)/$1.installer"\ninstall_$1\n`;
  const scripts = all.map(([component, url]) => [
    `hack/dockerfile/install/${component}.installer`,
    installer(component, url),
  ]);
  makeTree(dir, tag, {
    Dockerfile: `${base}\n${stages}\n${ends}`,
    ...(stage === copied
      ? { 'hack/dockerfile/install/install.sh': install, ...(Object.fromEntries(scripts) as Record<string, string>) }
      : {}),
  });
}

const places = new Places();
let server: Awaited<ReturnType<typeof startGitServer>>;
const bares = new Map<string, string>();
const commits = new Map<string, string>();
beforeAll(async () => {
  const routes: Record<string, Behaviour> = {};
  for (const name of NAMES) {
    const dir = places.next();
    commits.set(name, makeComponent(places.base, dir, TAG, 3));
    bares.set(name, dir);
    routes[`/mirror/${name}`] = { kind: 'git', repository: dir };
  }
  server = await startGitServer(routes);
});
afterAll(async () => {
  await server.close();
  places.remove();
});

describe.each(SHAPES)('a tree shaped as $tag', (shape) => {
  it('builds its components from what was handed in, and they say what they would say else', async () => {
    const [tree, workDir] = [places.next(), places.next()];
    for (const dir of [tree, workDir]) mkdirSync(dir);
    shapedTree(tree, shape);
    const words = [...wordsFor(workDir, tree, [`${server.url}/mirror`]), '--target', shape.target];
    const state = await prepareBuild(workDir, 'tree', words);
    expect(state.plan.points.filter(({ kind }) => kind === 'git').map(({ via }) => via)).toEqual(
      shape.names.map(() => 'host'),
    );
    expect(state.plan.totals.uncovered).toBe(0);
    const dockerfile = readFileSync(join(state.dir, 'Dockerfile'), 'utf8');
    expect(dockerfile).not.toContain('github.com/krallin/tini.git?');
    // The tag is in no table: only the server says which commit it is.
    expect(state.notes.map(({ code }) => code)).toContain('pinned-by-tag');
    for (const [index, [component]] of components(shape.names).entries()) {
      const name = shape.names[index] ?? '';
      expect(existsSync(join(state.dir, `hack/dockerfile/sources/${name}.git/HEAD`)), name).toBe(true);
      const root = places.next();
      runStage(dockerfile, component, { tree: state.dir, root });
      const said = readFileSync(join(root, 'build/said'), 'utf8');
      expect(said, component).toBe(whatItSays(name, shape.stage === copied));
      expect(said).toContain(commits.get(name));
    }
  });
});

/** What the same questions are answered where a step fetched from the server itself: a whole clone, or the one commit with its tag. */
function whatItSays(name: string, whole: boolean): string {
  const dir = places.next();
  mkdirSync(dir);
  const bare = `file://${bares.get(name) ?? ''}`;
  if (whole) git(places.base, 'clone', '--quiet', bare, dir);
  else {
    git(dir, 'init', '--quiet');
    git(dir, 'fetch', '--quiet', '--depth', '1', bare, TAG, '+refs/tags/*:refs/tags/*');
  }
  git(dir, 'checkout', '--quiet', TAG);
  // These clones are small; to git, runc's and containerd's own are large (VERSION_BY_GIT).
  const digits = whole ? { 'opencontainers/runc': '8', 'containerd/containerd': '9' }[name] : undefined;
  if (digits !== undefined) git(dir, 'config', 'core.abbrev', digits);
  return execFileSync('bash', ['-c', QUESTIONS], { cwd: dir, encoding: 'utf8' });
}

describe('a tag whose commit is known', () => {
  it('is refused as another commit, whoever has it, and the next mirror is asked', async () => {
    const [tree, workDir, evil] = [places.next(), places.next(), places.next()];
    for (const dir of [tree, workDir]) mkdirSync(dir);
    makeComponent(places.base, evil, 'v1.1.12', 1);
    const url = 'https://github.com/opencontainers/runc.git';
    const text = `${base}\n${fetched('runc', url).replace(TAG, 'v1.1.12')}\n${scratch(['runc']).replace('TARGET', 'all')}`;
    makeTree(tree, 'v26.1.5', { Dockerfile: text });
    const forger = await startGitServer({
      '/one/opencontainers/runc': { kind: 'git', repository: evil },
      '/two/opencontainers/runc': { kind: 'git', repository: evil },
    });
    try {
      const words = [...wordsFor(workDir, tree, [`${forger.url}/one`, `${forger.url}/two`]), '--target', 'all'];
      await expect(prepareBuild(workDir, 'tree', words)).rejects.toMatchObject({
        code: 'no-usable-mirror',
        exitCode: 5,
        // The facts of src/moby/component-pins.json.
        message: expect.stringContaining('51d5e94601ceffbbd85688df1c928ecccbfa4685') as string,
      });
      expect(forger.requests.map(({ path }) => path.split('/')[1])).toEqual(
        expect.arrayContaining(['one', 'two']) as string[],
      );
    } finally {
      await forger.close();
    }
    expect(existsSync(join(workDir, 'tree/hack/dockerfile/sources'))).toBe(false);
  });
});
