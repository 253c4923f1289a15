import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { scan } from '../../../src/egress/scan.ts';
import { gitWishes } from '../../../src/handover/git-wishes.ts';
import { handInFor } from '../../../src/handover/hand-in.ts';
import type { ComponentPin } from '../../../src/components/effective-pins.ts';
import type { Tree } from '../../../src/types.ts';

const RUNC = 'https://github.com/opencontainers/runc.git';
const NAME = 'opencontainers/runc';
const CLONE = `git clone ${RUNC} "$GOPATH/runc"\ncd "$GOPATH/runc"\ngit checkout -q "$RUNC_VERSION"\n`;

/** A tree whose stage runc does this, with an installer that clones. */
function treeWith(stage: string): Tree {
  const text = `FROM golang:1.24-bookworm AS base\nFROM base AS runc\nARG RUNC_VERSION=v1.1.12\n${stage}\nFROM scratch AS binary\nCOPY --from=runc / /\n`;
  const files = { Dockerfile: text, 'hack/dockerfile/install/runc.installer': CLONE };
  return new Map(Object.entries(files).map(([path, content]) => [path, { text: content, mode: '100644' as const }]));
}

function found(stage: string) {
  const tree = treeWith(stage);
  const { points } = scan(tree, { target: 'binary', arch: 'amd64' });
  const point = points.find(({ kind }) => kind === 'git');
  if (point === undefined) throw new Error('no git point');
  return { point, handIn: handInFor(point, parseDockerfile(tree.get('Dockerfile')?.text ?? '', 'Dockerfile'), NAME) };
}

const FOLDER = {
  way: 'folder',
  path: 'hack/dockerfile/install/sources/opencontainers/runc.git',
  at: '/tmp/install/sources/opencontainers/runc.git',
};
const MOUNT = {
  way: 'mount',
  path: 'hack/dockerfile/sources/opencontainers/runc.git',
  at: '/tmp/sources/opencontainers/runc.git',
};
const ADD = { ...MOUNT, way: 'add' };

describe('handInFor', () => {
  it.each<[string, string, object | null]>([
    [
      'a RUN that mounts the folder of the script',
      'RUN --mount=type=bind,src=hack/dockerfile/install,target=/tmp/install . /tmp/install/runc.installer',
      FOLDER,
    ],
    [
      'the same mount, as newer syntax may write it',
      'RUN --mount=source=/hack/dockerfile/install/,dst=/tmp/install . /tmp/install/runc.installer',
      FOLDER,
    ],
    ['a script that was copied', 'COPY hack/dockerfile/install/runc.installer /\nRUN . /runc.installer', MOUNT],
    ['a RUN that clones itself', `RUN git clone ${RUNC} /runc`, MOUNT],
    ['a RUN that fetches itself', `RUN git init . && git remote add origin ${RUNC} && git fetch origin v1.1.12`, MOUNT],
    ['an ADD that keeps .git', `ADD ${RUNC}?ref=\${RUNC_VERSION}&keep-git-dir=1 .`, ADD],
    ['an ADD by commit', `ADD ${RUNC}?commit=${'a'.repeat(40)}&keep-git-dir=true /usr/src/runc`, ADD],
    ['an ADD without .git', `ADD ${RUNC}?ref=v1.1.12 .`, null],
    ['an ADD of a folder of it', `ADD ${RUNC}?ref=v1.1.12&keep-git-dir=1&subdir=cmd .`, null],
    ['an ADD with a flag', `ADD --link ${RUNC}?ref=v1.1.12&keep-git-dir=1 .`, null],
    ['an ADD to where a variable says', `ADD ${RUNC}?ref=v1.1.12&keep-git-dir=1 $HOME/x`, null],
  ])('%s', (_name, stage, expected) => {
    expect(found(stage).handIn).toEqual(expected);
  });

  it('says the steps that reach out where another step names the repository', () => {
    const { point } = found(`RUN git init . && git remote add origin ${RUNC}\nRUN git fetch origin v1.1.12`);
    const text = treeWith(`RUN git init . && git remote add origin ${RUNC}\nRUN git fetch origin v1.1.12`).get(
      'Dockerfile',
    );
    expect(point.reachedIn).toEqual([text?.text.indexOf('RUN git fetch')]);
  });
});

describe('gitWishes', () => {
  const stage = `RUN git clone ${RUNC} /runc`;
  const pin = (version: string, note: string | null = null): ComponentPin => ({
    ...{
      component: 'runc',
      variable: 'RUNC_VERSION',
      pin: version,
      treePin: version,
      note,
      from: 'tree',
      asked: false,
    },
    ...{ file: 'Dockerfile', line: 3, stages: ['runc'] },
  });
  const id = 'b'.repeat(40);
  const KNOWN = '51d5e94601ceffbbd85688df1c928ecccbfa4685';
  it.each<[string, string, string | null, object | null]>([
    ['a tag that the table has', 'v1.1.12', null, { commit: KNOWN, tag: 'v1.1.12' }],
    ['a tag that it has not', 'v99.0.0', null, { commit: null, tag: 'v99.0.0' }],
    ['a commit', id, null, { commit: id, tag: null }],
    ['a commit whose tag the tree says', id, 'v1.0.2', { commit: id, tag: 'v1.0.2' }],
    ['a commit with another comment', id, 'the tip of main', { commit: id, tag: null }],
    ['a short id', 'abc1234', null, null],
    ['a branch', 'main', null, null],
  ])('%s', (_name, version, note, expected) => {
    const [wish] = gitWishes([found(stage).point], [pin(version, note)]);
    if (expected === null) expect(wish).toBeUndefined();
    else expect(wish?.wish).toMatchObject({ ...expected, described: true });
  });

  it('takes what an ADD fetches from its URL', () => {
    const [wish] = gitWishes([found(`ADD ${RUNC}?ref=\${RUNC_VERSION}&keep-git-dir=1 .`).point], []);
    expect(wish).toMatchObject({ upstream: RUNC, component: 'runc', wish: { tag: 'v1.1.12', commit: KNOWN } });
  });

  it('leaves a repository alone that is none of the components’', () => {
    const { point } = found(stage.replace(NAME, 'o/r'));
    expect(gitWishes([point], [pin('v1.1.12')])).toEqual([]);
  });
});
