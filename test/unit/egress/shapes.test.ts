import { describe, expect, it } from 'vitest';
import { contacts, pointsOf, scanned, treeOf } from './tree.ts';

const APT = 'apt http://<debian default>/debian';

describe('git', () => {
  it.each([
    ['RUN git clone https://h.example/o/r.git', 'https://h.example/o/r.git'],
    ['RUN git clone "https://h.example/o/r" /src', 'https://h.example/o/r'],
    ["RUN git -C /x -c a.b=c clone --depth 1 -b v1 'https://h.example/o/r.git' d", 'https://h.example/o/r.git'],
    ['RUN sudo -E env A=b timeout 60 git clone https://h.example/o/r.git', 'https://h.example/o/r.git'],
    ['RUN ["git", "clone", "https://h.example/o/r.git"]', 'https://h.example/o/r.git'],
    ["RUN sh -c 'git clone https://h.example/o/r.git'", 'https://h.example/o/r.git'],
    ['RUN cd /x && x=$(git clone https://h.example/o/r.git 2>&1)', 'https://h.example/o/r.git'],
    ['RUN git clone git@h.example:o/r.git', 'git@h.example:o/r.git'],
    ['RUN git ls-remote https://h.example/o/r.git', 'https://h.example/o/r.git'],
    [
      'ARG V=1\nADD https://h.example/o/r.git?ref=v${V}&keep-git-dir=1 .',
      'https://h.example/o/r.git?ref=v1&keep-git-dir=1',
    ],
    ['ADD --keep-git-dir=true https://h.example/o/r.git#v1 /d', 'https://h.example/o/r.git#v1'],
    ['ADD git@h.example:o/r.git /d', 'git@h.example:o/r.git'],
    ['RUN <<EOT\nset -e\nif true; then\n  git clone https://h.example/o/r.git\nfi\nEOT', 'https://h.example/o/r.git'],
    ['RUN bash <<EOT\ngit clone https://h.example/o/r.git\nEOT', 'https://h.example/o/r.git'],
  ])('%s', (instructions, url) => {
    expect(contacts(instructions)).toEqual([`git ${url}`]);
  });

  it('of a remote is one point, reached from each fetch, also in another stage', () => {
    const text = [
      'FROM golang:1 AS base',
      'FROM base AS r-src',
      'WORKDIR /usr/src/r',
      'RUN git init . && git remote add origin "https://h.example/o/r.git"',
      'FROM base AS r',
      'WORKDIR /go/r',
      'RUN --mount=from=r-src,src=/usr/src/r,rw <<EOT',
      '  git fetch -q --depth 1 origin v1 +refs/tags/*:refs/tags/*',
      '  case $TARGETPLATFORM in linux/amd64)',
      '    git fetch origin v2',
      '  esac',
      'EOT',
    ].join('\n');
    const { points, unknown } = scanned(treeOf({ Dockerfile: text }), { target: 'r' });
    expect(unknown).toEqual([]);
    expect(points.filter((point) => point.kind === 'git')).toMatchObject([
      { id: 'r-src/git', line: 4, netLines: [8, 10], url: 'https://h.example/o/r.git', inClosure: true },
    ]);
  });

  it('of a remote that nobody fetches is told with that note', () => {
    expect(pointsOf('RUN git init && git remote add o https://h.example/r.git')).toMatchObject([
      { netLines: [], note: expect.any(String) },
    ]);
  });

  it('of a URL that is written twice in a stage is one point with both anchors', () => {
    const found = pointsOf('RUN git clone https://h.example/r.git a || \\\n git clone https://h.example/r.git b');
    expect(found).toHaveLength(1);
    expect(found[0]!.netLines).toEqual([4, 5]);
    expect(found[0]!.moreAnchors).toHaveLength(1);
  });

  it('submodules of a known repository are places of their own', () => {
    const found = contacts(
      'RUN git clone https://m.example/https://github.com/containers/crun.git /c && cd /c && ./autogen.sh',
    );
    expect(found).toHaveLength(5);
    expect(found[1]).toBe('git https://github.com/containers/libocispec.git');
  });

  it('is not a URL of the machine itself, nor a word that is only said', () => {
    expect(
      contacts(
        'RUN git clone /usr/src/x /y && echo "git clone https://h.example/r.git" # git clone https://h.example/r.git',
      ),
    ).toEqual([]);
    expect(contacts('RUN git config --global url.https://m.example/.insteadOf https://github.com/')).toEqual([]);
  });
});

describe('http', () => {
  it.each([
    ['RUN curl -fsSLo /x https://h.example/a', 'https://h.example/a'],
    ['RUN curl -H "A: https://no.example" --output x https://h.example/a', 'https://h.example/a'],
    ['RUN curl h.example/a | tar -x', 'http://h.example/a'],
    ['RUN wget -q -O - https://h.example/a', 'https://h.example/a'],
    ['ARG V=2\nRUN curl "https://h.example/v${V}/a"', 'https://h.example/v2/a'],
    ['RUN v=v3 && curl "https://h.example/${v#v}/a"', 'https://h.example/3/a'],
    ['ADD --chmod=0644 https://h.example/k.asc /etc/k', 'https://h.example/k.asc'],
    ['ADD --checksum=sha256:0 https://h.example/r.git.tar /d', 'https://h.example/r.git.tar'],
  ])('%s', (instructions, url) => {
    expect(contacts(instructions)).toEqual([`http ${url}`]);
  });

  it('behind a variable has its anchor in the assignment, and the commands in netLines', () => {
    const found = pointsOf(
      'RUN <<EOT\nU="https://h.example/$(uname -m)/a"\nif curl --head "${U}"; then\n  curl -s "$U" | tar x\nfi\nEOT',
    );
    expect(found).toMatchObject([
      {
        line: 5,
        netLines: [6, 7],
        url: 'https://h.example/aarch64/a',
        anchor: { text: 'https://h.example/$(uname -m)/a', quote: 'double' },
      },
    ]);
  });

  it('is not what a package is called', () => {
    expect(contacts('RUN apt-get install -y curl git wget ca-certificates')).toEqual([APT]);
    expect(contacts('RUN command -v curl && test -x /usr/bin/git')).toEqual([]);
  });
});

describe('apt', () => {
  it.each([
    ['RUN apt-get update && apt-get install -y x', 1],
    ['RUN apt-get -o A::B=c install x', 1],
    ['RUN xx-apt-get install -y gcc', 1],
    ['RUN apt update\nRUN apt install x', 2],
    ['RUN if [ "$(go env GOHOSTARCH)" = "amd64" ]; then apt-get update; fi', 1],
    ['RUN apt-get clean && apt-get purge x', 0],
  ])('%s', (instructions, count) => {
    expect(contacts(instructions)).toEqual(Array.from({ length: count }, () => APT));
  });

  it('sources that a RUN adds', () => {
    const found = pointsOf(
      "RUN echo 'deb [signed-by=/k] https://h.example/x/ /' > /etc/apt/sources.list.d/x.list \\\n && apt-get update",
    );
    expect(found).toMatchObject([
      {
        kind: 'apt-source',
        url: 'https://h.example/x/',
        suite: '/',
        line: 4,
        anchor: { text: 'https://h.example/x/', quote: 'single' },
      },
      { kind: 'apt', host: '<debian default>', line: 5 },
    ]);
  });

  it.each([
    ['printf', 'RUN printf "deb http://h.example/d s main\\n" >> /etc/apt/sources.list'],
    ['tee', 'RUN echo "deb http://h.example/d s main" | tee -a /etc/apt/sources.list.d/x.list'],
    ['a heredoc', 'RUN cat > /etc/apt/sources.list.d/x.list <<EOF\ndeb http://h.example/d s main\nEOF'],
    ['a variable', 'ARG S=s\nRUN echo "deb http://h.example/d $S main" > /etc/apt/sources.list.d/x.list'],
  ])('written with %s', (_title, instructions) => {
    expect(pointsOf(instructions)).toMatchObject([
      { kind: 'apt-source', url: 'http://h.example/d', suite: 's', anchor: { text: 'http://h.example/d' } },
    ]);
  });
});

describe('Go modules', () => {
  const GO = 'gomod https://<go default>';
  it.each([
    ['RUN go install golang.org/x/tools/gopls@latest', [GO]],
    ['ARG V=v1\nRUN GOBIN=/b GO111MODULE=on go install "h.example/o/r/cmd/x@${V}" && /b/x', [GO]],
    ['ENV GO111MODULE=off\nRUN go build -o /x ./cmd/y', []],
    ['ENV GO111MODULE=off\nRUN go get -d h.example/o/r', ['gomod https://h.example/o/r']],
    ['RUN go env GOPATH && go version && go telemetry off', []],
    ['RUN git clone https://github.com/o/r.git /r && cd /r && go build ./...', ['git https://github.com/o/r.git', GO]],
    ['RUN git clone https://github.com/o/r.git /r && cd /r && go build -mod=vendor ./...', ['git https://github.com/o/r.git']],
    ['RUN git clone https://github.com/docker/cli.git /r && cd /r && go build ./...', ['git https://github.com/docker/cli.git']],
    ['ADD https://github.com/o/r.git?ref=v1 /go/src/h.example/r\nRUN cd /go/src/h.example/r && go install .', ['git https://github.com/o/r.git?ref=v1', GO]],
    ['ENV GOPROXY=off\nRUN go install h.example/r@v1', []],
    ['ENV GOPROXY=https://g.example|direct\nRUN go install h.example/r@v1', ['gomod https://g.example']],
    ['RUN GOPROXY=https://g.example go install h.example/r@v1', ['gomod https://g.example']],
    ['RUN --mount=target=. go build ./cmd/dockerd', []],
  ] as const)('%s', (instructions, wanted) => {
    expect(contacts(instructions)).toEqual(wanted);
  }); // prettier-ignore

  it('of a loop are one point, named as they are written', () => {
    const found = pointsOf('RUN for f in a b; do go install "h.example/cmd/${f}@v1"; done');
    expect(found.map((point) => point.module)).toEqual(['h.example/cmd/${f}@v1']);
  });

  it('of two modules are two points', () => {
    expect(pointsOf('RUN go install h.example/a@v1 && go install h.example/b@v1').map((point) => point.id)).toEqual([
      's/gomod',
      's/gomod#2',
    ]);
  });
});

describe('images', () => {
  it('are those of FROM, COPY --from and --mount=from that no stage has the name of', () => {
    const text = [
      'FROM golang:1 AS base',
      'FROM base AS s',
      'COPY --from=BASE /a /b',
      'COPY --from=h.example/tool:1 /a /b',
      'RUN --mount=type=bind,from=other/tool,target=/t true',
    ].join('\n');
    const found = scanned(treeOf({ Dockerfile: text }), { target: 's' }).points;
    expect(found.map((point) => [point.id, point.url, point.host, point.anchor?.text])).toEqual([
      ['base/image', 'docker.io/library/golang:1', 'registry-1.docker.io', 'golang:1'],
      ['s/image', 'h.example/tool:1', 'h.example', 'h.example/tool:1'],
      ['s/image#2', 'docker.io/other/tool', 'registry-1.docker.io', 'other/tool'],
    ]);
  });

  it('are not the stages of another platform', () => {
    const text = 'FROM i AS base\nFROM base AS x-windows-amd64\nFROM x-windows-${TARGETARCH} AS x\nFROM base AS s\n';
    const result = scanned(treeOf({ Dockerfile: text }), { target: 's' });
    expect(result.points.map((point) => point.url)).toEqual(['docker.io/library/i']);
    expect(result.unknown).toEqual([]);
  });
});

describe('scripts of the tree', () => {
  const clone = '#!/bin/sh\ngit clone https://h.example/r.git\n';
  it.each([
    ['copied', 'COPY a/x.sh /b/\nRUN /b/x.sh'],
    ['copied under another name', 'COPY a/x.sh /y\nRUN /y'],
    ['copied with its folder', 'COPY a /b\nRUN /b/x.sh'],
    ['copied with a pattern', 'COPY a/*.sh /b/\nRUN /b/x.sh'],
    ['copied to the working directory', 'WORKDIR /w\nCOPY a/x.sh ./\nRUN ./x.sh'],
    ['named by a variable', 'ENV N=x\nCOPY a/$N.sh ./\nRUN ./$N.sh'],
    ['bound', 'RUN --mount=type=bind,src=a,target=/t /t/x.sh'],
    ['bound as a file', 'RUN --mount=source=a/x.sh,target=/t.sh /t.sh'],
    ['bound with the whole tree', 'WORKDIR /w\nRUN --mount=target=. a/x.sh'],
    ['run by a shell', 'COPY a/x.sh /b/\nRUN bash -e /b/x.sh'],
    ['sourced', 'COPY a /b\nRUN . /b/x.sh'],
    ['called by another', 'COPY a /b\nRUN /b/call.sh x'],
  ])('%s', (_title, instructions) => {
    const call = '#!/bin/bash\ndir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nsource "${dir}/$1.sh"\n';
    const found = pointsOf(instructions, { 'a/x.sh': clone, 'a/call.sh': call });
    expect(found).toMatchObject([{ file: 'a/x.sh', line: 2, netLines: [2], url: 'https://h.example/r.git' }]);
  });

  it('in which a function is only defined do not reach out', () => {
    expect(contacts('COPY a /b\nRUN . /b/x.sh', { 'a/x.sh': 'f() { curl https://h.example/; }\n' })).toEqual([]);
  });

  it('are followed into the branches that the call does not decide', () => {
    const script = 'if [ "$1" = a ]; then curl https://h.example/a; else curl https://h.example/b; fi\n';
    expect(contacts('COPY x.sh /\nRUN /x.sh a', { 'x.sh': script })).toEqual(['http https://h.example/a']);
    const machine = 'if [ "$(uname -m)" = x86_64 ]; then curl https://h.example/a; else curl https://h.example/b; fi\n';
    expect(contacts('COPY x.sh /\nRUN /x.sh', { 'x.sh': machine })).toEqual([
      'http https://h.example/a',
      'http https://h.example/b',
    ]);
  });

  it('get their URL as an argument: the anchor stands in the ARG, the line in the script', () => {
    const script = '#!/bin/sh\nrepository="$2"\ngit clone "${repository}" /r\n';
    const found = pointsOf('ARG REPO="https://h.example/r.git"\nCOPY x.sh /\nRUN /x.sh v1 ${REPO}', { 'x.sh': script });
    expect(found).toMatchObject([
      {
        file: 'x.sh',
        line: 3,
        url: 'https://h.example/r.git',
        anchor: { file: 'Dockerfile', text: 'https://h.example/r.git' },
      },
    ]);
  });

  it('call themselves and each other without end', () => {
    const found = contacts('COPY a b /\nRUN /a', {
      a: '#!/bin/sh\n/b\nf() { f; g; }\ng() { f; }\nf\n',
      b: '#!/bin/sh\n/a\ncurl https://h.example/\n',
    });
    expect(found).toEqual(['http https://h.example/']);
  });

  it('download-frozen-image: one point for each image, at its line', () => {
    const script = "#!/bin/bash\nregistryBase='https://registry-1.docker.io'\n";
    const run =
      'COPY c/download-frozen-image-v2.sh /\nRUN /download-frozen-image-v2.sh /build \\\n  busybox:latest@sha256:1 \\\n  arm32v7/hello-world:latest@sha256:2';
    const found = pointsOf(run, { 'c/download-frozen-image-v2.sh': script });
    expect(found.map((point) => [point.line, point.url, point.host])).toEqual([
      [6, 'docker.io/library/busybox:latest@sha256:1', 'registry-1.docker.io'],
      [7, 'docker.io/arm32v7/hello-world:latest@sha256:2', 'registry-1.docker.io'],
    ]);
    const mirrored = pointsOf(run, {
      'c/download-frozen-image-v2.sh': script.replace('registry-1.docker.io', 'hub.example'),
    });
    expect(mirrored[0]).toMatchObject({ url: 'hub.example/library/busybox:latest@sha256:1', host: 'hub.example' });
  });
});

describe('pip', () => {
  it.each([
    ['RUN pip3 install yamllint==1', 'pip https://<pip default>/simple/'],
    ['RUN python3 -m pip install x', 'pip https://<pip default>/simple/'],
    ['RUN pip install -i https://p.example/simple x', 'pip https://p.example/simple'],
    ['ENV PIP_INDEX_URL=https://p.example/simple\nRUN pip install x', 'pip https://p.example/simple'],
  ])('%s', (instructions, wanted) => {
    expect(contacts(instructions)).toEqual([wanted]);
  });

  it('that installs nothing', () => {
    expect(contacts('RUN pip3 --version && pip list')).toEqual([]);
  });
});
