// @ts-check
import fc from 'fast-check';
import { mutate, mutations } from './corpus-mutations.mjs';

const headers = [
  '',
  '# syntax=docker/dockerfile:1\n',
  '#syntax = docker/dockerfile:1.7-labs  \n',
  '# syntax=registry.example/x/frontend:2@sha256:aaaa\n# escape=\\\n',
  '# Escape=`\n',
  '# escape = `\n# syntax=docker/dockerfile:1.2\n',
  '# a comment first\n# syntax=docker/dockerfile:1\n',
  '\n# syntax=docker/dockerfile:1\n',
  '# check=skip=all\n# syntax=docker/dockerfile:1\n',
];

const globals = [
  'ARG GO_VERSION=1.21.9\n',
  'ARG DISTRO="bookworm"\n',
  "ARG DISTRO='bullseye'\n",
  'ARG GOLANG_IMAGE="golang:${GO_VERSION}-${DISTRO}"\n',
  'ARG SYSTEMD="false"\nARG CROSS=\n',
  'ARG X_VERSION=v1 Y_VERSION="v 2" Z_VERSION\n',
  'arg \\\n# inside\n\n  LOWER=1\n',
  'ARG EMPTY=""\nARG FALLBACK=${EMPTY:-fall}back${SYSTEMD:+-sd}\n',
  'ARG REPOSITORY="https://github.com/some/thing.git"\n',
  'ARG TARGETARCH\n',
];

const froms = [
  'FROM ${GOLANG_IMAGE} AS base\n',
  'FROM base AS tools\n',
  'FROM golang:${GO_VERSION}-$DISTRO AS base\n',
  'FROM --platform=$BUILDPLATFORM example/xx:1.2 AS xx\n',
  'FROM --platform=linux/arm64 example/kit:0.5 AS kit-arm64\n',
  'FROM base as lower\n',
  'from base As Mixed\n',
  'FROM scratch AS binary\n',
  'FROM busybox\n',
  'FROM cross-${SYSTEMD} AS dev\n',
  'FROM delve-${TARGETOS}-${TARGETARCH:-none} AS delve\n',
  'FROM registry.example:5000/team/image:tag@sha256:0123456789abcdef AS digest\n',
  'FROM distribution/distribution:$X_VERSION AS registry\n',
  'FROM \\\n  # which one\n  base \\\n  AS wrapped\n',
  'FROM "quoted/image:1" AS quoted\n',
];

const bodies = [
  'ARG DEBIAN_FRONTEND\nARG APT_MIRROR\n',
  'ENV GO111MODULE=off\n',
  'ENV OLD old style value here\n',
  'ENV A=1 B="two words" C=three\\ words D=\'$A\'\n',
  'ENV PATH=/opt/bin:$PATH GOPATH="${GOPATH:-/go}"\nARG P=${A}x\n',
  'ENV SAME=env\nARG SAME=arg\nARG AFTER=${SAME}\n',
  'ARG SAME=arg\nENV SAME=env$SAME\nARG AFTER=${SAME:+set}\n',
  'ARG ONE=1 TWO="$ONE 2"\n',
  'ENV Q=\'a"b\' R="a\'b" S=a"b c"d T=\\"x\n',
  'WORKDIR /go/src/github.com/x/y\nUSER root:root\n',
  'RUN apt-get update && apt-get install -y --no-install-recommends \\\n      curl \\\n# a comment between\n      git \\\n\n      jq\n',
  'RUN --mount=type=cache,sharing=locked,id=aptlib,target=/var/lib/apt \\\n    --mount=type=cache,id="a b",target=/var/cache/apt \\\n        apt-get update\n',
  'RUN --mount=from=tools,src=/build,target=/build,rw --network=host cp /build/x /usr/bin/\n',
  'RUN --mount=type=bind,source=hack/install,dst=/tmp/install --mount=type=tmpfs,target=/src /tmp/install/run.sh x\n',
  'RUN --mount=type=secret,id=token,required echo hidden\n',
  'RUN ["git", "clone", "https://github.com/a/b.git"]\n',
  'RUN [ "$X" = "y" ] && echo yes || [ -f /z ]\n',
  'RUN <<EOT\nset -e\ngit clone https://github.com/a/b.git\n# not a comment line of the Dockerfile\n\nEOT\n',
  'RUN <<-"EOT" bash -ex\n\techo $HOME \\\n\tsecond\n\tEOT\n',
  "RUN cat <<one >/a && cat <<'two' >/b\nfirst $X\none\nsecond\ntwo\n",
  'RUN 3<<EOT cat /dev/fd/3\nfd\nEOT\n',
  'RUN echo "<<EOT"\nRUN echo a<<EOT\nRUN cat <<< word\n',
  'COPY <<EOF /etc/config\nkey = $VALUE\nEOF\n',
  'COPY --from=tools --chown=0:0 /build/ /usr/local/bin/\nCOPY --from=0 / /\nCOPY --link . .\n',
  'COPY ["with space", "/dest dir/"]\n',
  'ADD https://github.com/a/b.git?ref=v1.0&keep-git-dir=1 .\n',
  'ADD --keep-git-dir=true https://github.com/a/b.git#${X_VERSION} /src\n',
  'ADD --chmod=0644 https://keys.example/key.asc /etc/apt/trusted.gpg.d/key.asc\n',
  'ADD --checksum=sha256:00aa https://files.example/a.tgz /\n',
  'RUN git init . && git remote add origin "https://github.com/a/b.git"\nRUN git fetch -q --depth 1 origin "${X_VERSION}" +refs/tags/*:refs/tags/*\n',
  'RUN for f in rootlesskit docker-proxy; do \\\n      GOBIN=/build go install "github.com/r/k/cmd/${f}@${X_VERSION}"; \\\n    done\n',
  'RUN case $(dpkg --print-architecture) in \\\n  amd64|arm64) \\\n    make all ;; \\\n  *) echo none ;; \\\nesac\n',
  'RUN echo \'deb http://debian.example/debian bookworm main\' > /etc/apt/sources.list.d/x.list \\\n && sed -ri "s/a/${APT_MIRROR:-b}/g" /etc/apt/sources.list\n',
  'RUN set -x \\\n  && export GNUPGHOME="$(mktemp -d)" \\\n  ; rm -rf "$GNUPGHOME"\n',
  'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nENTRYPOINT ["hack/dind"]\nCMD make x\n',
  'LABEL a="b c" d=e\nEXPOSE 80 443/tcp\nVOLUME /var/lib/docker /x\nSTOPSIGNAL SIGTERM\nMAINTAINER Somebody <a@b.example>\n',
  'HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1\nHEALTHCHECK NONE\n',
  'ONBUILD RUN echo later\nONBUILD COPY --from=x a b\n',
  '# only a comment\n\n   # another\n',
  'RUN echo é😀 "ünï" && true\n',
  'RUN echo ends with two \\\\\nRUN echo next\n',
  'RUN echo tick `\nRUN echo "C:\\path\\" && x\n',
  'RUN\techo\ttabs \\  \n  more\n',
];

const tokens = [
  '\\\n',
  ' \\\n# c\n',
  '"',
  "'",
  '$',
  '${',
  '}',
  ':-',
  '<<EOT',
  '<<',
  'EOT\n',
  '\r\n',
  '`\n',
  '[',
  ',',
  '=',
  '#',
  '--x ',
  ' AS x',
  '\nRUN ',
  '\n',
  '\t',
  '\u00a0',
  '\\',
  '&&',
  'é',
  '\n\n',
  '\ufeff',
];

/**
 * Dockerfiles put together from hand-written pieces that hold every syntax moby's use, some of them damaged.
 *
 * @param {number} maxMutations 0: only well-formed pieces
 * @returns {fc.Arbitrary<string>}
 */
export function dockerfiles(maxMutations) {
  const stage = fc
    .tuple(fc.constantFrom(...froms), fc.array(fc.constantFrom(...bodies), { maxLength: 5 }))
    .map(([from, body]) => from + body.join(''));
  return fc
    .record({
      header: fc.constantFrom(...headers),
      globals: fc.uniqueArray(fc.constantFrom(...globals), { maxLength: 6 }),
      stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
      crlf: fc.integer({ min: 0, max: 19 }),
      changes: mutations(tokens, maxMutations),
    })
    .map((parts) => {
      const text = parts.header + parts.globals.join('') + parts.stages.join('\n');
      return mutate(parts.crlf === 0 ? text.replaceAll('\n', '\r\n') : text, parts.changes);
    });
}
