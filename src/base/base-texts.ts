import { BASE_FOLDER } from '../names.ts';
import type { BaseWish } from './base-wish.ts';

/** The packages that a golang image has and that the steps of moby call (docker-library/golang and buildpack-deps, "scm"), and apt. */
export const BASE_PACKAGES = [
  'apt',
  'ca-certificates',
  'curl',
  'debian-archive-keyring',
  'g++',
  'gcc',
  'git',
  'libc6-dev',
  'make',
  'netbase',
  'openssh-client',
  'pkg-config',
  'tzdata',
];

/** Where the repository of xx lies in the tree. */
export const XX_PATH = 'hack/dockerfile/sources/tonistiigi/xx.git';

/**
 * The stages that stand for the images: the same names, paths and environment as in the official golang image (docker-library/golang, Dockerfile), so
 * that nothing else of the tree changes. Pure.
 */
export function baseStages({ go, xx }: Pick<BaseWish, 'go' | 'xx'>): string {
  const lines = [
    'FROM scratch AS moby-build-debian',
    `ADD ${BASE_FOLDER}/root.tar /`,
    `RUN --mount=type=bind,source=${BASE_FOLDER}/packages,target=/tmp/moby-build-base sh /tmp/moby-build-base/install.sh`,
    '',
    'FROM moby-build-debian AS moby-build-golang',
    'ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `ENV GOLANG_VERSION=${go} GOPATH=/go GOTOOLCHAIN=local`,
    `ADD ${BASE_FOLDER}/go.tar /usr/local/`,
    'RUN mkdir -p /go/src /go/bin && chmod -R 1777 /go && go version',
    'WORKDIR /go',
  ];
  if (xx === null) return lines.join('\n');
  const at = '/tmp/sources/xx.git';
  return [
    ...lines,
    '',
    'FROM moby-build-golang AS moby-build-xx-files',
    `RUN --mount=type=bind,source=${XX_PATH},target=${at} git clone -q ${at} /xx \\`,
    '    && mkdir -p /out/usr/bin && if [ -d /xx/src ]; then cp -p /xx/src/xx-* /out/usr/bin/; else cp -p /xx/base/xx-* /out/usr/bin/; fi \\',
    '    && cd /out/usr/bin && ln -s xx-cc xx-clang && ln -s xx-cc xx-clang++ && ln -s xx-cc xx-c++ && ln -s xx-apt xx-apt-get',
    '',
    'FROM scratch AS moby-build-xx',
    'COPY --from=moby-build-xx-files /out/ /',
  ].join('\n');
}
