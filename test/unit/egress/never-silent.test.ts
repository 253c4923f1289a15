import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { loadTree } from '../../../src/system/files/load-tree.ts';
import { scanned, treeOf } from './tree.ts';

const X = 'https://h.example/x';
const FILES = {
  Makefile: 'all:\n',
  'a/i.sh': `#!/bin/sh\ncurl ${X}\n`,
  'a/x.list': 'deb http://h.example/d s main\n',
};

/** What a stage on golang shows: `kind url` of its points, then the reasons of unknown places. */
function seen(instructions: string): string[] {
  const Dockerfile = `FROM golang:1.20 AS base\nFROM base AS s\n${instructions}\n`;
  const { points, unknown } = scanned(treeOf({ Dockerfile, ...FILES }), { target: 's' });
  return [
    ...points.filter((point) => point.stage === 's').map(({ kind, url }) => `${kind} ${url}`),
    ...unknown.map(({ reason }) => reason),
  ];
}

const BASH = 'SHELL ["/bin/bash", "-c"]\n';

describe('a shell is followed whatever way it gets its script', () => {
  it.each([
    [`RUN bash -o pipefail -c 'curl ${X} | tar x'`],
    [`RUN bash -euo pipefail -c 'curl ${X} | tar x'`],
    [`RUN bash -ce 'curl ${X}'`],
    ['COPY a /a\nRUN bash -o errexit /a/i.sh'],
    ['COPY a /a\nRUN sh < /a/i.sh'],
    ['COPY a /a\nRUN sh -s y < /a/i.sh'],
    [`${BASH}RUN bash <<< 'curl ${X}'`],
    [`RUN cat <<EOF | sh\ncurl ${X}\nEOF`],
    [`RUN <<A\ncat <<B | sh\ncurl ${X}\nB\nA`],
    [`RUN printf 'curl ${X}\\n' | sh`],
    [`RUN sh -c 'curl "$1"' sh ${X}`],
    [`RUN env -S 'curl ${X}'`],
    [`RUN sudo --user root setsid curl ${X}`],
    ['COPY a/i.sh /tmp/\nRUN mv /tmp/i.sh /usr/local/bin/get && get'],
    ['COPY a/i.sh /tmp/\nRUN ln -s /tmp/i.sh /get && /get'],
    [`RUN curl() { command curl --retry 5 "$@"; }; curl ${X}`],
    [`RUN curl() { true; }; unset -f curl; curl ${X}`],
    [`RUN if ! [ -x /c ]; then curl() { true; }; fi; curl ${X}`],
    [`RUN set ${X}; curl "$1"`],
    [`RUN set -eo pipefail ${X}; curl "$1"`],
    [`RUN u=nothing; while true "$u"; do [ "$u" = "${X}" ] && curl $u; u=${X}; done`],
    [`${BASH}RUN case x in x) true ;& y) curl ${X};; esac`],
    [`${BASH}RUN case x in x) true ;;& *) curl ${X};; esac`],
  ])('%s', (instructions) => {
    expect(seen(instructions)).toEqual([`http ${X}`]);
  });

  it('every definition that a function may have', () => {
    const script = 'if [ -x /a ]; then f() { curl http://h.example/1; }; else f() { curl http://h.example/2; }; fi; f';
    expect(seen(`RUN ${script}`)).toEqual(['http http://h.example/1', 'http http://h.example/2']);
  });

  it('every call of a function that calls itself', () => {
    const script =
      'f() { if [ $# -gt 0 ]; then curl "$1"; shift; f "$@"; fi; }; f http://h.example/1 http://h.example/2';
    expect(seen(`RUN ${script}`)).toEqual(['http http://h.example/1', 'http http://h.example/2']);
  });

  it('every turn of a loop', () => {
    const loop = 'while [ $# -gt 0 ]; do curl "$1"; shift; done';
    expect(seen(`RUN set -- http://h.example/1 http://h.example/2; ${loop}`)).toEqual([
      'http http://h.example/1',
      'http http://h.example/2',
    ]);
    expect(seen('RUN u=http://h.example/1; for i in 1 2; do curl $u; u=http://h.example/2; done')).toEqual([
      'http http://h.example/1',
      'http http://h.example/2',
    ]);
  });
});

describe('what could not be followed is told', () => {
  it.each([
    ['RUN eval "$CMD"', 'the text that it runs is not known'],
    ['RUN sh -c "$CMD"', 'the text that it runs is not known'],
    ['RUN $CMD --all', 'the command $CMD is not known'],
    ['RUN ${X}git --all', 'the command ${X}git is not known'],
    ['RUN echo Y3VybA== | base64 -d | sh', 'sh runs what it reads, which is not known'],
    ['RUN cat /x | python3 -', 'python3 runs what it reads, which is not known'],
    ['RUN retry 5 git fetch', 'retry may run what stands behind it'],
    ["RUN zsh -c 'apt-get update'", 'zsh may run what stands behind it'],
    ['RUN alias g=git; g tag', 'a new name for a command is not followed'],
    [`${BASH}RUN d=/dev/tcp/h.example; exec 3<>$d/80`, 'it opens a network connection'],
    ['ARG LIST=\nRUN for u in $LIST; do curl $u; done', 'the address ${u} of this curl is not known'],
    [`RUN u=${X}; read u < /f; curl $u`, 'the address ${u} of this curl is not known'],
    [`${BASH}RUN u=${X}; printf -v u %s y; curl $u`, 'the address ${u} of this curl is not known'],
    ['RUN git $VERB origin', 'what git $VERB does is not known'],
    [`RUN git -c alias.x='clone ${X}.git' x`, 'what git x does is not known'],
    [`RUN git config --global alias.x 'clone ${X}.git'`, 'a new name for a git command is not followed'],
    ['RUN git push origin', 'no rule for git push'],
    ['RUN git ls-remote', 'the remote origin is not known here'],
    ['RUN git remote show origin', 'the remote origin is not known here'],
    ['RUN go $VERB x.example/y@v1', 'what go $VERB does is not known'],
    ['RUN xx-apk add gcc', 'no rule for xx-apk'],
    ['COPY . /t\nRUN make -C /t', "it runs the tree's own Makefile, which is not followed"],
    ['ARG U\nADD $U /x', 'what ADD takes from $U is not known'],
    ['ARG U\nADD https://$U/x /x', 'the host of https://$U/x is not known'],
    ['RUN cp /l /etc/apt/sources.list.d/l.list', 'the list of sources put at /etc/apt/sources.list.d/l.list is not known'],
    ['RUN sort /l > /etc/apt/sources.list.d/l.list', 'the source written to /etc/apt/sources.list.d/l.list is not known'],
    ['SHELL ["pwsh", "-c"]\nRUN apt-get update', 'it does not run in a shell that is followed (pwsh)'],
  ])('%s', (instructions, reason) => {
    expect(seen(instructions)).toEqual([reason]);
  }); // prettier-ignore

  it.each([
    [`RUN curl ${X} | sh -s -- -y`, 'sh runs what it reads, which is not known'],
    [`RUN curl -o /tmp/get ${X} && /tmp/get`, 'it runs /tmp/get, which was downloaded'],
    [`RUN wget -O /tmp/get ${X} && . /tmp/get`, 'it runs /tmp/get, which was downloaded'],
    [`ADD ${X} /opt/\nRUN /opt/x`, 'it runs /opt/x, which was downloaded'],
    [`RUN curl -o /etc/apt/sources.list.d/x.list ${X}`, 'the list of sources put at /etc/apt/sources.list.d/x.list is not known'],
    [`ADD ${X} /etc/apt/sources.list.d/x.list`, 'the list of sources put at /etc/apt/sources.list.d/x.list is not known'],
  ])('beside what was downloaded: %s', (instructions, reason) => {
    expect(seen(instructions)).toEqual([`http ${X}`, reason]);
  }); // prettier-ignore

  it('a fetched repository is built where -C or -S says', () => {
    for (const build of ['make -C /r', 'make --directory=/r', 'cmake -S /r -B /b', 'cmake /r'])
      expect(seen(`RUN git clone ${X}.git /r && ${build}`)).toEqual([
        `git ${X}.git`,
        `it builds ${X}.git, whose sources are not at hand`,
      ]);
  });

  it('functions without end', () => {
    expect(seen('RUN f() { f "$1"x; }; f y')).toEqual(['what it calls lies too deep to be followed']);
  });
});

it('modules that Go loads though the tree is vendored, or in the folder of -C', () => {
  expect(seen('COPY . /t\nWORKDIR /t\nRUN go build ./cmd/x')).toEqual([]);
  expect(seen('COPY . /t\nWORKDIR /t\nRUN go build -mod=mod ./cmd/x')).toEqual(['gomod https://<go default>']);
  expect(seen('COPY . /t\nWORKDIR /t\nENV GOFLAGS=-mod=mod\nRUN go build ./cmd/x')).toEqual([
    'gomod https://<go default>',
  ]);
  expect(seen(`RUN git clone ${X}.git /r && go -C /r build ./...`)).toContain('gomod https://<go default>');
});

it('a list of sources that is put in place by a command is what apt reads', () => {
  expect(seen('COPY a/x.list /l\nRUN cp /l /etc/apt/sources.list.d/x.list && apt-get update')).toEqual([
    'apt http://h.example/d',
  ]);
});

it('commands without a word of the network stay quiet', () => {
  for (const run of [
    '$(xx-go env PKG_CONFIG) --libs x',
    '"$PREFIX"/rootlesskit --version',
    'ls | sort > /x',
    '"$(xx-info)-gcc" -static -o /x x.c',
    '${CROSS_COMPILE}strip /x',
    ': > /etc/apt/sources.list',
  ])
    expect(seen(`RUN ${run}`)).toEqual([]);
});

it.each(['binary', 'all'])('all of %s of the light tree that bake builds is understood', async (target) => {
  const tree = await loadTree(join(packageRoot(), 'test/support/light-bake-tree'));
  expect(scanned(tree, { target }).unknown).toEqual([]);
});
