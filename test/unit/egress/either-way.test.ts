import { describe, expect, it } from 'vitest';
import { DEBIAN_DOMAIN } from '../../../src/egress/world/default-hosts.ts';
import { scanned, treeOf } from './tree.ts';

/** The host in the image's own list. */
const OWN = `deb${DEBIAN_DOMAIN}`;
const LIST = '/etc/apt/sources.list';

/** What stage `s` shows: `kind url`, with all hosts where there are several, then the reasons of unknown places, with their stages. */
function seen(
  instructions: string,
  files: Readonly<Record<string, string>> = {},
  image = 'golang:1-bullseye',
): string[] {
  const Dockerfile = `FROM ${image} AS base\nFROM base AS s\n${instructions}\n`;
  const { points, unknown } = scanned(treeOf({ Dockerfile, ...files }), { target: 's' });
  return [
    ...points
      .filter(({ stage, kind }) => stage !== 'base' && kind !== 'image')
      .map(({ kind, url, hosts }) => (hosts === undefined ? `${kind} ${url}` : `${kind} ${hosts.join(' ')}`)),
    ...unknown.map(({ reason, stage }) => `${stage}: ${reason}`),
  ];
}

const aptOf = (script: string): string[] =>
  seen(`COPY x.list /x.list\nRUN ${script}\nRUN apt-get update`, {
    'x.list': 'deb http://h.example/debian bullseye main\n',
  }).filter((one) => !one.startsWith('apt-source'));
const DEFAULT = 'apt http://<debian default>/debian';
const SED = `sed -i s/${OWN}/h.example/g ${LIST}`;

describe('a list of sources that changes on one way only may be the old one too', () => {
  it.each([
    [`cp /x.list ${LIST}`, 'apt http://h.example/debian'],
    [`if c; then cp /x.list ${LIST}; fi`, 'apt h.example <debian default>'],
    [`echo "deb http://h.example/debian bullseye main" > ${LIST}`, 'apt http://h.example/debian'],
    [`if c; then echo "deb http://h.example/debian bullseye main" > ${LIST}; fi`, 'apt h.example <debian default>'],
    [`cp /x.list ${LIST}; if c; then echo "deb http://i.example/debian s main" > ${LIST}; fi`, 'apt h.example i.example'],
    [`cp /x.list ${LIST}; rm ${LIST}`, DEFAULT],
    [`cp /x.list ${LIST}; if c; then rm ${LIST}; fi`, 'apt http://h.example/debian'],
    [`cp /x.list ${LIST}.d/a.list; rm ${LIST}`, 'apt http://h.example/debian'],
    [`cp /x.list ${LIST}.d/a.list; [ -f y ] && rm ${LIST}`, 'apt h.example <debian default>'],
    [SED, 'apt http://h.example/debian'],
    [`if c; then ${SED}; fi`, 'apt h.example <debian default>'],
    [`for h in h.example i.example; do sed -i "s/${OWN}/$h/" ${LIST}; done`, 'apt h.example i.example'],
    [`echo "deb http://${OWN}/debian s main" > ${LIST}; ${SED}`, 'apt http://h.example/debian'],
    [`echo "deb http://${OWN}/debian s main" > ${LIST}; if c; then ${SED}; fi`, 'apt h.example <debian default>'],
    [`sed -e s/${OWN}/h.example/ -i ${LIST}`, 'apt http://h.example/debian'],
    [`sed -i --expression=s/${OWN}/h.example/ ${LIST}`, 'apt http://h.example/debian'],
    [`sed s/${OWN}/h.example/ ${LIST}`, DEFAULT],
    [`sed -i "s/main/main contrib/;/security/d" ${LIST}`, DEFAULT],
    [`sed -i s/security.debian.org/h.example/ ${LIST}`, DEFAULT],
    [`sed -i 's/own\\.example/own.example/g' ${LIST}`, DEFAULT],
    [`sed -i "/main/s/${OWN}/h.example/" ${LIST}`, 'apt h.example <debian default>'],
    [`sed -i "1,3s/${OWN}/h.example/;s/${OWN}/h.example/" ${LIST}`, 'apt http://h.example/debian'],
    [`sed -i 's/${OWN}\\/debian/h.example\\/debian/' ${LIST}`, 'apt http://h.example/debian'],
    [`sed -i 's/http:\\/\\/${OWN}/http:\\/\\/h.example/' ${LIST}`, 'apt http://h.example/debian'],
    [`sed -i "/security.debian.org/d" ${LIST}`, DEFAULT],
    [`sed -i "s/own.example/\${M:-own.example}/g" ${LIST}`, DEFAULT],
  ])('%s', (script, apt) => {
    expect(aptOf(script)).toEqual([apt]);
  }); // prettier-ignore

  it.each([
    [`sed -i "s/${OWN}/$HOST/" ${LIST}`],
    [`HOST=$(cat /h); sed -i "s/${OWN}/$HOST/" ${LIST}`],
    [`sed -i "$SCRIPT" ${LIST}`],
    [`sed -i "s#http://[^/]*#http://h.example#" ${LIST}`],
    [`sed -i s/ftp.example.org/h.example/ ${LIST}`],
    [`sed -i '1i deb http://h.example/debian s main' ${LIST}`],
    [`sed -i '/deb/c deb http://h.example/debian s main' ${LIST}`],
    [`sed -i 'y/a/b/;$a deb http://h.example/debian s main' ${LIST}`],
  ])('and what sed puts there in another way is not known: %s', (script) => {
    expect(aptOf(script)).toEqual([DEFAULT, 's: what sed puts into a list of sources is not known']);
  });
});

it('an argument that nothing gives changes no list, and one that is given is a host', () => {
  const instructions = `ARG M\nRUN test -n "$M" && sed -ri "s#(httpredir|deb|security).debian.org#\${M}#g" ${LIST} || true\nRUN apt-get update`;
  expect(seen(instructions)).toEqual([DEFAULT]);
  expect(seen(instructions.replace('ARG M', 'ARG M=h.example'))).toEqual(['apt h.example <debian default>']);
  expect(seen(instructions.replace('test -n "$M" && ', '').replace('ARG M', 'ARG M=h.example'))).toEqual([
    'apt http://h.example/debian',
  ]);
});

describe('an address that git takes from elsewhere on one way only may be asked itself too', () => {
  const CLONE = 'git clone https://h.example/o/r';
  const ASKED = 'git https://h.example/o/r';
  const OTHER = 'git https://m.example/o/r';
  const SET = 'git config --global url.https://m.example/.insteadOf https://h.example/';
  it.each([
    [`${SET} && ${CLONE}`, [OTHER]],
    [`if c; then ${SET}; fi; ${CLONE}`, [OTHER, ASKED]],
    [`git config url.https://m.example/.insteadOf https://h.example/; ${CLONE}`, [OTHER, ASKED]],
    [`git config set --global url.https://m.example/.insteadOf https://h.example/; ${CLONE}`, [OTHER]],
    [`${SET}; git config --global --unset url.https://m.example/.insteadOf; ${CLONE}`, [OTHER, ASKED]],
    [`${SET}; git config --global --remove-section url.https://m.example/; ${CLONE}`, [OTHER, ASKED]],
    [`${SET}; git config --global --unset url.https://n.example/.insteadOf; ${CLONE}`, [OTHER]],
    [`${SET}; if c; then git config --system url.https://n.example/r.insteadOf https://h.example/o/r; fi; ${CLONE}`,
      ['git https://n.example/r', OTHER]],
    [`${SET}; git config --global user.name "$NAME"; ${CLONE}`, [OTHER]],
    [`git config --get --global url.https://m.example/.insteadOf; ${CLONE}`, [ASKED]],
    [`git config --global url.https://m.example/.insteadOf "$PREFIX"; ${CLONE}`, [ASKED, 's: what this git config changes is not known']],
    [`git config --global "$NAME" x; ${CLONE}`, [ASKED, 's: what this git config changes is not known']],
    [`git -c url.https://m.example/.insteadOf=https://h.example/ clone https://h.example/o/r`, ['s: what git clone does is not known']],
  ])('%s', (script, expected) => {
    expect(seen(`RUN ${script}`)).toEqual(expected);
  }); // prettier-ignore
});

describe('GOPROXY', () => {
  it.each([
    ['ENV GOPROXY=https://m.example', '', ['gomod https://m.example']],
    ['ENV GOPROXY=https://m.example,https://n.example,direct', '', ['gomod m.example n.example direct']],
    ['ENV GOPROXY=https://m.example|off|https://n.example', '', ['gomod https://m.example']],
    ['ENV GOPROXY=direct,https://n.example', '', ['gomod direct']],
    ['ENV GOPROXY=file:///go/cache,https://n.example', '', ['gomod https://n.example']],
    ['ENV GOPROXY=file:///go/cache', '', []],
    ['ENV GOPROXY=off', '', []],
    ['ENV GOPROXY=', '', ['gomod https://<go default>']],
    ['', 'if c; then export GOPROXY=https://m.example; else export GOPROXY=https://n.example; fi;', ['gomod m.example n.example']],
    ['', 'if c; then export GOPROXY=https://m.example; fi;', ['gomod m.example <go default>']],
    ['', 'export GOPROXY="$ELSEWHERE";', ['s: the module proxy $ELSEWHERE is not known']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=h.example', '', ['gomod https://h.example/x']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=*.example/x', '', ['gomod https://h.example/x']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=h.example/x/y,other.example', '', ['gomod https://m.example']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=[^h].example,x[*].example', '', ['gomod https://m.example']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=[^x].example', '', ['gomod https://h.example/x']],
    ['ENV GOPROXY=https://m.example GOPRIVATE=h.example GONOPROXY=none', '', ['gomod https://m.example']],
    ['ENV GONOPROXY=h.example', 'if c; then export GONOPROXY=; fi;', ['gomod https://<go default>', 'gomod https://h.example/x']],
    ['', 'export GOPRIVATE="$ELSEWHERE";', ['gomod https://<go default>', 's: which modules GOPRIVATE takes past the module proxy is not known']],
    ['', 'go env -w GOPROXY=https://m.example;', ['gomod https://<go default>', 's: what go env -w changes is not followed']],
  ])('%s %s', (env, before, expected) => {
    expect(seen(`${env}\nRUN ${before} go install h.example/x@v1`).toSorted()).toEqual(expected.toSorted());
  }); // prettier-ignore
});

describe('a verb that no rule knows', () => {
  it('of a go.mod that may ask for modules past the proxy is unknown', () => {
    const clone = 'RUN git clone https://h.example/o/r.git /r && cd /r && GOPRIVATE=corp.example go build ./...';
    expect(seen(clone)).toContainEqual(expect.stringContaining('which of them this go.mod asks for is not known'));
    expect(seen(clone.replace('GOPRIVATE=corp.example', 'GOPRIVATE=none')).join()).not.toContain('not known');
  });

  it.each([
    ['git frobnicate', 'no rule for git frobnicate'],
    ['git lfs pull', 'no rule for git lfs'],
    ['git maintenance run', 'no rule for git maintenance'],
    ['git send-email x', 'no rule for git send-email'],
    ['go frobnicate', 'what go frobnicate does is not known'],
    ['pip frobnicate x', 'what pip frobnicate does is not known'],
    ['pip $VERB x', 'what pip $VERB does is not known'],
    ['npm frobnicate', 'no rule for npm'],
    ['npm run build', 'no rule for npm'],
    ['npm $VERB', 'no rule for npm'],
    ['docker $VERB', 'no rule for docker'],
    ['cargo tree', 'no rule for cargo'],
    ['apk -v frobnicate', 'no rule for apk'],
    ['npm --version --frobnicate', 'no rule for npm'],
    ['svn info $URL', 'no rule for svn'],
    ['rsync "$FROM" /x', 'no rule for rsync'],
    ['thing fetch x', 'what thing fetch does is not known'],
    ['thing --now install x', 'what thing install does is not known'],
  ])('%s', (script, reason) => {
    expect(seen(`RUN ${script}`)).toEqual([`s: ${reason}`]);
  });

  it('of apt may load', () => {
    for (const verb of ['frobnicate', 'safe-upgrade', 'install'])
      expect(seen(`RUN aptitude ${verb} x`)).toEqual([DEFAULT]);
    for (const verb of ['autopurge', 'clean', 'hold']) expect(seen(`RUN apt-get ${verb} x`)).toEqual([]);
  });

  it.each([
    ['git tag -l && git --version && git rev-parse HEAD && git lfs version && git'],
    ['go && go version && go help && go fmt ./... && go env -w GOBIN=/b && go tool && go tool nm x'],
    ['pip && pip list && pip uninstall -y x'],
    [
      'npm config list && docker completion bash && docker version && docker rm x && cargo clean && rustup --version && hg status && svn revert x && pacman -Q',
    ],
    ['rsync -a /a/ /b/ && gpg --dearmor && openssl rand 3 && helm && ls install && mkdir download && make install'],
  ])('and one that asks nobody: %s', (script) => {
    expect(seen(`RUN ${script}`)).toEqual([]);
  });
});

describe('ONBUILD runs in the stages that are built on its own', () => {
  const onBuild = (trigger: string, child = ''): string[] =>
    seen(`ONBUILD ${trigger}\nFROM s AS c\n${child}\nFROM c AS d`);
  it.each([
    ['RUN curl https://h.example/x', '', ['http https://h.example/x']],
    ['RUN ./get', '', []],
    ['ADD https://h.example/x /x', 'RUN /x', ['http https://h.example/x', 'c: it runs /x, which was downloaded']],
    ['ENV GOPROXY=https://m.example', 'RUN go install h.example/x@v1', ['gomod https://m.example']],
    ['RUN <<E\ncurl https://h.example/x\nE', '', ['http https://h.example/x']],
    ['RUN a && \\\n curl https://h.example/x', '', ['http https://h.example/x']],
    ['RUN "$X" install y', '', ['c: the command $X is not known']],
    ['COPY --from=golang:2 /a /b', '', ['s: ONBUILD: the stages that are built on this one take it from another stage or image']],
    ['RUN --mount=from=golang:2 a', '', ['s: ONBUILD: the stages that are built on this one take it from another stage or image']],
    ['RUN --mount=type=cache,target=/x curl https://h.example/x', '', ['http https://h.example/x']],
  ])('%s', (trigger, child, expected) => {
    expect(onBuild(trigger, child)).toEqual(expected);
  }); // prettier-ignore

  it('and nowhere else', () => {
    expect(seen('ONBUILD RUN curl https://h.example/x')).toEqual([]);
    const { points } = scanned(
      treeOf({
        Dockerfile: 'FROM golang:1 AS base\nONBUILD RUN curl https://h.example/x\nFROM base AS s\nFROM s AS t',
      }),
      { target: 't' },
    );
    expect(points.filter(({ kind }) => kind === 'http')).toMatchObject([{ stage: 's', line: 2, netLines: [2] }]);
  });
});

describe('the working directory that an image brings', () => {
  const FILES = { 'get.sh': 'curl https://h.example/x\n' };
  const X = 'http https://h.example/x';
  const NOWHERE = 's: where ./get.sh is taken from is not known';
  it.each([
    ['golang:1', 'COPY get.sh /go/\nRUN ./get.sh', [X]],
    ['m.example/library/golang@sha256:00', 'COPY get.sh /go/\nRUN ./get.sh', [X]],
    ['golang:1', 'COPY get.sh /\nRUN ./get.sh', ['s: the script ./get.sh is not one of the tree']],
    ['debian:12', 'COPY get.sh /\nRUN ./get.sh', [X]],
    ['scratch', 'COPY get.sh /\nRUN ./get.sh', [X]],
    ['someone/else', 'COPY get.sh /\nRUN ./get.sh', [NOWHERE]],
    ['someone/else', 'COPY get.sh ./\nRUN ./get.sh', [X]],
    ['someone/else', 'WORKDIR /\nCOPY get.sh /\nRUN ./get.sh', [X]],
    ['someone/else', 'WORKDIR sub\nCOPY get.sh /sub/\nRUN ./get.sh', [NOWHERE]],
  ])('%s: %s', (image, instructions, expected) => {
    expect(seen(instructions, FILES, image)).toEqual(expected);
  });
});
