// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Components of the light tree: they build by the very commands of moby's installers, and hand out what Debian's packages in the base
 * image hold. `tag`: what the light tree, shaped like v20.10.12, says that its commit is.
 * @type {Record<string, {tag: string, files: Record<string, string>}>}
 */
export const standIns = {
  'containerd/containerd': {
    tag: 'v1.4.12',
    files: {
      Makefile:
        'all:\n\tmkdir -p bin\n\tcp /usr/bin/containerd /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr bin/\n',
    },
  },
  'opencontainers/runc': {
    tag: 'v1.0.2',
    files: { Makefile: 'static:\n\tcp "$$(command -v runc)" runc\n' },
  },
  'krallin/tini': {
    tag: 'v0.19.0',
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.0)\nproject(tini NONE)\nadd_custom_target(tini-static COMMAND ${CMAKE_COMMAND} -E copy /usr/bin/tini-static tini-static)\n',
    },
  },
  'rootless-containers/rootlesskit': {
    tag: 'v0.14.4',
    files: {
      'go.mod':
        'module github.com/rootless-containers/rootlesskit\n\ngo 1.16\n\nrequire github.com/google/uuid v1.6.0\n',
      'go.sum':
        'github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\ngithub.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n',
      'cmd/rootlesskit/main.go': program('rootlesskit'),
      'cmd/rootlesskit-docker-proxy/main.go': program('rootlesskit-docker-proxy'),
    },
  },
};

/** @param {string} name */
function program(name) {
  return `package main\n\nimport (\n\t"fmt"\n\n\t"github.com/google/uuid"\n)\n\nfunc main() {\n\tfmt.Println("${name} version 0.14.4", uuid.Nil)\n}\n`;
}

/** Writes one of them. @param {string} tree @param {Record<string, string>} files */
export function writeFiles(tree, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
}
