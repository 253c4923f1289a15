import type { Tree } from '../../../src/types.ts';

const INSTALL = 'hack/dockerfile/install';

/** A tree of these files. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files).map(([path, text]) => [path, { text, mode: '100644' as const }]));
}

/** The ways in which the series of moby pin and fetch a component, in a few lines each. */
export const SHAPES = {
  /** 19.03 and 20.10.0–.12: a commit in the installer, a whole clone, an ARG without a default. */
  'a commit in an installer': treeOf({
    Dockerfile: 'FROM golang AS base\nFROM base AS runc\nARG RUNC_COMMIT\nRUN ./install.sh runc\n',
    [`${INSTALL}/runc.installer`]:
      '#!/bin/sh\n: ${RUNC_COMMIT:=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa} # v1.0.2\n' +
      'install_runc() {\n\tgit clone https://git.example/runc.git r\n\tcd r\n\tgit checkout -q "$RUNC_COMMIT"\n}\n',
  }),
  /** 20.10.13 and later: a tag, in quotes. */
  'a tag in an installer': treeOf({
    Dockerfile: 'FROM golang AS base\nFROM base AS tini\nARG TINI_VERSION\nRUN ./install.sh tini\n',
    [`${INSTALL}/tini.installer`]:
      '# TINI_VERSION is the version.\n: "${TINI_VERSION:=v0.19.0}"\ninstall_tini() (\n\tgit clone https://git.example/tini.git t\n\tgit checkout -q "$TINI_VERSION"\n)\n',
  }),
  /** 20.10.13 to 22.06: rootlesskit by the go command. */
  'go install': treeOf({
    Dockerfile:
      'FROM golang AS base\nFROM base AS rootlesskit\nARG ROOTLESSKIT_VERSION\nRUN ./install.sh rootlesskit\n',
    [`${INSTALL}/rootlesskit.installer`]:
      ': "${ROOTLESSKIT_VERSION:=v0.14.4}"\n_install_rootlesskit() (\n\tfor f in rootlesskit; do\n\t\tGO111MODULE=on go install -ldflags="$X" "git.example/rootlesskit/cmd/${f}@${ROOTLESSKIT_VERSION}"\n\tdone\n)\n',
  }),
  /** 23.0 to 29.4.0: the default of an ARG, fetched alone; installers are kept for packagers. */
  'a shallow fetch': treeOf({
    Dockerfile:
      'FROM golang AS base\nFROM base AS containerd-src\nRUN git init . && git remote add origin "https://git.example/containerd.git"\n' +
      'ARG CONTAINERD_VERSION=v1.7.28\nRUN git fetch -q --depth 1 origin "${CONTAINERD_VERSION}" +refs/tags/*:refs/tags/* && git checkout -q FETCH_HEAD\n' +
      'FROM scratch AS binary\nFROM base AS all\nCOPY --from=containerd-src / /\n',
    [`${INSTALL}/containerd.installer`]: ': "${CONTAINERD_VERSION:=v1.6.0}"\n',
  }),
  /** 29.4.1 and later: BuildKit fetches. */
  'an ADD by ref': treeOf({
    Dockerfile:
      'FROM golang AS base\nFROM base AS runc-src\nARG RUNC_VERSION="v1.4.3"\nADD https://git.example/runc.git?ref=${RUNC_VERSION}&keep-git-dir=1 .\n',
  }),
  'an ADD by commit': treeOf({
    Dockerfile:
      'FROM golang AS base\nFROM base AS runc-src\nARG RUNC_COMMIT=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\nADD https://git.example/runc.git?commit=$RUNC_COMMIT .\n',
  }),
  /** No tag of moby has these, but forks might. */
  'no ARG': treeOf({
    Dockerfile:
      'FROM golang AS base\nFROM base AS proxy\nCOPY hack/dockerfile/install/ /install/\nRUN sh /install/proxy.installer\n',
    [`${INSTALL}/proxy.installer`]:
      ': "${LIBNETWORK_COMMIT=cccccccccccccccccccccccccccccccccccccccc}"\r\n' +
      'git clone https://git.example/libnetwork.git l\r\ncd l\r\ngit checkout $LIBNETWORK_COMMIT\r\n',
  }),
  'a global ARG, cloned by branch in a heredoc': treeOf({
    Dockerfile:
      'ARG RUNC_VERSION=v1.2.0\nFROM golang AS base\nFROM base AS runc\nARG RUNC_VERSION\nRUN <<EOT\n  git clone --depth 1 -b "$RUNC_VERSION" https://git.example/runc.git\nEOT\n',
  }),
} as const;
