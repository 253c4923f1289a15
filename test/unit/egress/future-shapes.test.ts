import { describe, expect, it } from 'vitest';
import type { Scan } from '../../../src/types.ts';
import { scanned, treeOf } from './tree.ts';

/** Shapes that no tag of moby has, in a stage `s` on line 3 and after. */
function scanOf(instructions: string, files: Readonly<Record<string, string>> = {}): Scan {
  const Dockerfile = `FROM golang:1 AS base\nFROM base AS s\n${instructions}\n`;
  return scanned(treeOf({ Dockerfile, ...files }), { target: 's' });
}

function seen(instructions: string, files: Readonly<Record<string, string>> = {}): string[] {
  const { points, unknown } = scanOf(instructions, files);
  return [
    ...points
      .filter((point) => point.stage === 's')
      .map((point) => `${point.kind} ${point.url} @${[point.line, ...point.netLines].join(',')}`),
    ...unknown.map((place) => `unknown @${String(place.line)}: ${place.reason}`),
  ];
}

const X = 'https://h.example/x';

describe('found', () => {
  it.each([
    ['COPY --link --from=h.example/i:1 /a /b', 'image h.example/i:1 @3,3'],
    ['RUN --mount=type=cache,from=h.example/i:1,target=/m true', 'image h.example/i:1 @3,3'],
    [`ADD --checksum=sha256:aa ${X}.tgz /`, `http ${X}.tgz @3,3`],
    ['ADD git@github.com:o/r.git#v1 /src', 'git git@github.com:o/r.git#v1 @3,3'],
    [`RUN y=$(wget -qO- ${X})`, `http ${X} @3,3`],
    [`RUN bash -ec 'curl ${X}'`, `http ${X} @3,3`],
    [`RUN su -c "curl ${X}" user`, `http ${X} @3,3`],
    [`RUN trap 'curl ${X}' EXIT`, `http ${X} @3,3`],
    [`RUN ["/bin/sh", "-c", "curl ${X}"]`, `http ${X} @3,3`],
    [`RUN echo ${X} | xargs -n1 curl -O`, `http ${X} @3,3`],
    [`RUN echo ${X} | xargs -I{} curl -O {}`, `http ${X} @3,3`],
    [`RUN find . -name l -exec curl -O ${X} ';'`, `http ${X} @3,3`],
    [`RUN gosu user flock /l busybox wget ${X}`, `http ${X} @3,3`],
    [`RUN curl --proto '=https' --tlsv1.2 -sSf ${X} -o /dev/null`, `http ${X} @3,3`],
    [`RUN curl --url ${X} -o x`, `http ${X} @3,3`],
    [`RUN curl --url=${X} -o x`, `http ${X} @3,3`],
    [`RUN f() { curl "$1"; } && f ${X}`, `http ${X} @3,3`],
    [`RUN <<-EOF\n\tcurl ${X}\n\tEOF`, `http ${X} @4,4`],
    [`COPY <<EOF /s.sh\n\ncurl ${X}\nEOF\nRUN sh /s.sh`, `http ${X} @5,5`],
    [`COPY --chmod=755 <<"EOF" /usr/bin/get\n#!/bin/bash\ncurl ${X}\nEOF\nRUN get`, `http ${X} @5,5`],
    [`RUN cat > /s.sh <<EOF && . /s.sh\ncurl ${X}\nEOF`, `http ${X} @4,4`],
    [`RUN printf 'curl ${X}\\n' > /s.sh && sh /s.sh`, `http ${X} @3,3`],
    ['RUN pip3.11 install x \\\n && pip install y', 'pip https://<pip default>/simple/ @3,3,4'],
    ['RUN python3 -I -m pip install x', 'pip https://<pip default>/simple/ @3,3'],
    ['RUN xx-go install h.example/x@latest', 'gomod https://<go default> @3,3'],
    ['RUN GOTOOLCHAIN=go1.99 go version', 'gomod https://<go default> @3,3'],
  ])('%s', (instructions, wanted) => {
    expect(seen(instructions)).toEqual([wanted]);
  });

  it('a script of the tree that stands on the search path', () => {
    const files = { 'hack/get': `#!/bin/sh\ncurl ${X}\n` };
    expect(scanOf('COPY hack/get /usr/local/bin/\nRUN get', files).points.at(-1)).toMatchObject({
      file: 'hack/get',
      line: 2,
      url: X,
    });
  });

  it('a text of another stage', () => {
    const text = `COPY <<EOF /out/s.sh\ncurl ${X}\nEOF\nFROM base AS t\nCOPY --from=s /out /in\nRUN sh /in/s.sh`;
    expect(scanOf(text).points.at(-1)).toMatchObject({ stage: 't', line: 4, url: X });
  });
});

describe('told as unknown', () => {
  it.each([
    ['RUN cat urls | xargs -n 1 curl', 'the address $(standard input) of this curl is not known'],
    ['RUN curl -K urls.cfg', 'its addresses stand in a file (-K)'],
    ['RUN wget -i urls.txt', 'its addresses stand in a file (-i)'],
    ['RUN sh -c "curl $U"', 'the text that it runs is not known'],
    ['RUN exec 3<>/dev/tcp/h.example/80', 'it opens a network connection'],
    ['RUN npm ci', 'no rule for npm'],
    ['RUN npx tool', 'no rule for npx'],
    ['RUN yarn', 'no rule for yarn'],
    ['RUN uv pip install x', 'no rule for uv'],
    ['RUN cargo install x', 'no rule for cargo'],
    ['RUN apk --no-cache add x', 'no rule for apk'],
    ['RUN docker buildx build .', 'no rule for docker'],
    ['RUN crane pull a b', 'no rule for crane'],
    ['RUN terraform init', 'no rule for terraform'],
    ['RUN mc cp h/x y', 'no rule for mc'],
    ['RUN rclone copy h:x y', 'no rule for rclone'],
    ['RUN gh release download v1', 'no rule for gh'],
    ['RUN gpg --keyserver k.example --recv-keys AA', 'no rule for gpg'],
    ['RUN scp h.example:/x .', 'no rule for scp'],
    ['RUN git lfs pull', 'no rule for git lfs'],
    [`RUN aria3d --to=/y ${X}`, 'a URL is given to aria3d'],
    [`RUN python3 -c "import urllib.request as u; u.urlopen('${X}')"`, 'it runs with python3, which is not followed'],
    ['RUN python3 <<EOF\nimport requests\nEOF', 'it runs with python3, which is not followed'],
    ['COPY get.py /\nRUN python3 /get.py', 'it runs with python3, which is not followed', 4],
    [`RUN perl -MLWP::Simple -e 'get q(${X})'`, 'it runs with perl, which is not followed'],
    ['RUN $MANAGER install curl', 'the command $MANAGER is not known'],
    ['RUN --mount=target=. make deps', "it runs the tree's own Makefile, which is not followed"],
    [
      'ONBUILD COPY --from=h.example/i /a /b',
      'ONBUILD: the stages that are built on this one take it from another stage or image',
    ],
    ['SHELL ["pwsh", "-c"]\nRUN iwr h.example', 'it does not run in a shell that is followed (pwsh)', 4],
  ])('%s', (instructions, reason, line = 3) => {
    expect(seen(instructions, { 'get.py': 'import urllib.request\n' })).toEqual([
      `unknown @${String(line)}: ${reason}`,
    ]);
  });

  it('what a repository that nobody knows builds, or runs itself', () => {
    const url = 'https://h.example/new/thing.git';
    expect(seen(`RUN git clone ${url} /r && cd /r && ./install-deps && make`)).toEqual([
      `git ${url} @3,3`,
      `unknown @3: it runs ./install-deps of ${url}, whose sources are not at hand`,
      `unknown @3: it builds ${url}, whose sources are not at hand`,
    ]);
    const known = 'https://h.example/mirror/krallin-tini.git';
    expect(seen(`RUN git clone ${known} /r && cd /r && cmake . && make`)).toEqual([`git ${known} @3,3`]);
    expect(seen('RUN git clone https://h.example/7 /usr/src/tini && cd /usr/src/tini && make')).toHaveLength(1);
  });
});

describe('nothing false', () => {
  it.each([
    ['RUN --network=none curl https://h.example/x && apt-get update && npm ci && go install h.example/x@v1'],
    ['RUN npm --version && npm ls && cargo --version && docker --version && gem list'],
    ['RUN go version && go env GOPATH && go fmt ./... && go telemetry off && GOTOOLCHAIN=local go version'],
    ['RUN pip --version && pip3 list && python3 -c "import sys; print(sys.version)"'],
    ['RUN gpg --dearmor < /k > /k.gpg && ssh-keygen -t ed25519 -f /k && rsync -a /a/ /b/'],
    ['RUN find / -name x -exec rm -rf {} + && find . -type f | xargs chmod 644'],
    ['RUN ls | xargs -I{} mv {} /d && printf "%s\\n" a | xargs -n1 echo'],
    ['RUN echo "https://h.example/x" > /note && cat /note | grep https://h.example'],
    ['RUN cat > /etc/x.conf <<EOF\nhomepage = https://h.example\nEOF'],
    ['COPY <<EOF /etc/x.conf\nurl=https://h.example\nEOF'],
    ['HEALTHCHECK CMD curl https://h.example/x'],
    ['CMD ["curl", "https://h.example/x"]'],
    ['LABEL source=https://github.com/moby/moby'],
    ['ENV HOME_PAGE=https://h.example'],
    ['ONBUILD RUN make'],
    ['RUN trap "rm -f /x" EXIT; su -c "id" user; make -C /usr/src/x'],
    ['RUN git init && git config user.name x && git status && git log -1'],
  ])('%s', (instructions) => {
    expect(seen(instructions)).toEqual([]);
  });
});
